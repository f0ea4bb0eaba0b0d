package io.meridianmq.broker.front;

import io.meridianmq.fabric.config.Section;
import java.time.Duration;

/**
 * What a listener makes of the parts of MQTT 5 that a server may or may not do.
 *
 * @param keepAliveMax longest keep alive; a client that asks for none or more is told this one, {@link Duration#ZERO}
 *     leaves the choice to clients
 * @param responseInformation what clients that ask for it are told to begin their response topics with; empty for
 *     nothing
 * @param validatePayloadFormat whether a payload that is said to be UTF-8 has to be
 * @param outboundTopicAliasMaximum topic aliases that the server itself uses on a connection, as far as the client
 *     allows them, 0..65535
 */
public record ProtocolSettings(
        Duration keepAliveMax,
        String responseInformation,
        boolean validatePayloadFormat,
        int outboundTopicAliasMaximum) {

    private static final Duration KEEP_ALIVE_MOST = Duration.ofSeconds(65_535);

    /** What holds where a configuration says nothing. */
    public static final ProtocolSettings DEFAULT = new ProtocolSettings(Duration.ZERO, "", false, 32);

    static ProtocolSettings read(Section section, ProtocolSettings fallback) {
        return new ProtocolSettings(
                section.duration("keep-alive-max", fallback.keepAliveMax, Duration.ZERO, KEEP_ALIVE_MOST),
                section.string("response-information", fallback.responseInformation),
                section.bool("validate-payload-format", fallback.validatePayloadFormat),
                section.integer("outbound-topic-alias-maximum", fallback.outboundTopicAliasMaximum, 0, 65_535));
    }
}
