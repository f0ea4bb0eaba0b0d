package io.meridianmq.broker.front;

import io.meridianmq.fabric.config.Section;

/**
 * What one client of a listener may do at most.
 *
 * @param clientIdentifierMax bytes of a client identifier, 23..65535 [MQTT-3.1.3-5]
 * @param topics of topics
 * @param publishRate PUBLISH packets in a second; 0 for any number
 * @param publishBytesRate bytes of these in a second; 0 for any number
 * @param tooFast what becomes of a client that publishes faster, once it has used up a second's worth
 */
public record ClientLimits(
        int clientIdentifierMax, TopicLimits topics, int publishRate, long publishBytesRate, TooFast tooFast) {

    /** What holds where a configuration says nothing. */
    public static final ClientLimits DEFAULT = new ClientLimits(65_535, TopicLimits.DEFAULT, 0, 0, TooFast.PAUSE);

    /** What becomes of a client that publishes too fast. */
    public enum TooFast {
        /** Nothing is read from it until it is within its rate, so that it is slowed down; no message is lost. */
        PAUSE,
        /** Its connection is closed, with reason code 0x96. */
        DISCONNECT
    }

    static ClientLimits read(Section section, ClientLimits fallback) {
        return new ClientLimits(
                section.integer("client-identifier-max", fallback.clientIdentifierMax, 23, 65_535),
                TopicLimits.read(section, fallback.topics),
                section.integer("publish-rate", fallback.publishRate, 0, 10_000_000),
                section.bytes("publish-bytes-rate", fallback.publishBytesRate, 0, 1L << 40),
                section.choice("publish-too-fast", fallback.tooFast));
    }
}
