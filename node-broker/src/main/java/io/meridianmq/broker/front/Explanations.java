package io.meridianmq.broker.front;

import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.packet.ReasonProperties;
import java.util.List;

/** What acknowledgements of failures say to people, for clients that want to know. [MQTT-3.1.2-29] */
final class Explanations {

    private static final ReasonProperties NO_ROOM = because("no room at the moment: try again later");
    private static final ReasonProperties NOT_ALLOWED = because("the client may not do this");
    private static final ReasonProperties NO_TOPIC = because(
            "topics below $SYS are the broker's own, and no topic may be longer or deeper than the limits of the broker");
    private static final ReasonProperties LARGE_FILTER =
            because("no topic filter may be longer or deeper than the limits of the broker");
    private static final ReasonProperties SUBSCRIPTION_LIMIT =
            because("the session, or one SUBSCRIBE, has as many subscriptions as it may have");

    private Explanations() {}

    /** Of PUBACK and PUBREC. */
    static ReasonProperties ofPublish(ReasonCode reasonCode) {
        return switch (reasonCode) {
            case QUOTA_EXCEEDED -> NO_ROOM;
            case NOT_AUTHORIZED -> NOT_ALLOWED;
            case TOPIC_NAME_INVALID -> NO_TOPIC;
            default -> ReasonProperties.NONE; // Not a closed family here: the rest says enough by its code.
        };
    }

    /** Of SUBACK: the first refusal's. */
    static ReasonProperties ofSubscribe(List<ReasonCode> reasonCodes) {
        for (var reasonCode : reasonCodes) {
            if (reasonCode == ReasonCode.QUOTA_EXCEEDED) {
                return SUBSCRIPTION_LIMIT;
            }
            if (reasonCode == ReasonCode.TOPIC_FILTER_INVALID) {
                return LARGE_FILTER;
            }
            if (reasonCode == ReasonCode.NOT_AUTHORIZED) {
                return NOT_ALLOWED;
            }
        }
        return ReasonProperties.NONE;
    }

    private static ReasonProperties because(String reasonString) {
        return new ReasonProperties(reasonString, List.of());
    }
}
