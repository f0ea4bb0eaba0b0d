package io.meridianmq.broker.packet;

import java.util.List;
import java.util.Optional;

/**
 * The properties of a PUBLISH or of a will, as values (MQTT 5, section 3.3.2.3).
 *
 * @param payloadFormatIndicator 0 for bytes, 1 for UTF-8 text, {@link Properties#ABSENT} if not said
 * @param messageExpiryIntervalSeconds lifetime from now; {@link Properties#ABSENT} for no end
 * @param topicAlias 1 to 65,535, or 0 for none
 * @param responseTopic topic name for an answer; empty for none
 * @param correlationData what the answer is to bring back
 * @param userProperties in order
 * @param subscriptionIdentifiers of the subscriptions that match, 1 to 268,435,455, in PUBLISH from a server alone
 * @param contentType what the payload is
 */
public record PublishProperties(
        int payloadFormatIndicator,
        long messageExpiryIntervalSeconds,
        int topicAlias,
        String responseTopic,
        Optional<BinaryData> correlationData,
        List<UserProperty> userProperties,
        List<Integer> subscriptionIdentifiers,
        Optional<String> contentType) {

    /** What a PUBLISH without properties means, those of 3.1 and 3.1.1 included. */
    public static final PublishProperties NONE = new PublishProperties(
            Properties.ABSENT, Properties.ABSENT, 0, "", Optional.empty(), List.of(), List.of(), Optional.empty());

    public PublishProperties {
        userProperties = List.copyOf(userProperties);
        subscriptionIdentifiers = List.copyOf(subscriptionIdentifiers);
    }
}
