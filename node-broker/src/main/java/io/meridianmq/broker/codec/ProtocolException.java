package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.ReasonCode;

/**
 * The peer sent bytes that MQTT forbids; the connection ends with {@link #reasonCode()}.
 *
 * <p>Has no stack trace: where the broker noticed says nothing about the peer, and a hostile peer can cause many.
 */
public final class ProtocolException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ReasonCode reasonCode;

    /**
     * @param reasonCode what to tell the peer; a failure
     * @param message what is wrong, for the reason string and the log; quotes no secret
     */
    public ProtocolException(ReasonCode reasonCode, String message) {
        super(message, null, false, false);
        this.reasonCode = reasonCode;
    }

    /** The bytes cannot be read as the packet they claim to be. */
    static ProtocolException malformed(String message) {
        return new ProtocolException(ReasonCode.MALFORMED_PACKET, message);
    }

    /** The packet can be read, but says what it must not. */
    static ProtocolException protocolError(String message) {
        return new ProtocolException(ReasonCode.PROTOCOL_ERROR, message);
    }

    /** Returns what to tell the peer in CONNACK or DISCONNECT; always a failure. */
    public ReasonCode reasonCode() {
        return reasonCode;
    }
}
