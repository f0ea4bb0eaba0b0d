package io.meridianmq.broker.remote;

import io.meridianmq.broker.packet.ReasonCode;

/**
 * PUBACK, PUBREC, PUBREL or PUBCOMP, in either direction.
 *
 * @param packetIdentifier 1 to 65,535
 */
public record Acknowledgement(Type type, int packetIdentifier, ReasonCode reasonCode) implements ToSession, ToClient {

    /** Which of the four. */
    public enum Type {
        PUBACK,
        PUBREC,
        PUBREL,
        PUBCOMP
    }
}
