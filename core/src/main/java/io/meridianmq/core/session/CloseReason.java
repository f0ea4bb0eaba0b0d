package io.meridianmq.core.session;

/** Why a session, or the component that runs it, ends a connection. Constants carry their MQTT 5 DISCONNECT reason code. */
public enum CloseReason {
    PROTOCOL_ERROR(0x82),
    NOT_AUTHORIZED(0x87),
    SERVER_SHUTTING_DOWN(0x8B),
    SESSION_TAKEN_OVER(0x8E),
    RECEIVE_MAXIMUM_EXCEEDED(0x93),
    QUOTA_EXCEEDED(0x97),
    ADMINISTRATIVE_ACTION(0x98),
    USE_ANOTHER_SERVER(0x9C);

    private final int reasonCode;

    CloseReason(int reasonCode) {
        this.reasonCode = reasonCode;
    }

    public int reasonCode() {
        return reasonCode;
    }
}
