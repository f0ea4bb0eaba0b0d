package io.meridianmq.broker.access;

import io.meridianmq.broker.packet.ReasonCode;

/** Why a client is not let in, or may not do what it wants; each is a counter. */
public enum Denial {
    /** It gave no user name, and there is no entrance without one. */
    ANONYMOUS(ReasonCode.NOT_AUTHORIZED),
    /** There is no such user, or it is not the user's password. Which of them, nobody is told. */
    PASSWORD(ReasonCode.BAD_USER_NAME_OR_PASSWORD),
    /** More clients wait for their passwords to be checked than may, or it took longer than a client may need to connect. */
    BUSY(ReasonCode.SERVER_BUSY);

    private final ReasonCode reasonCode;

    Denial(ReasonCode reasonCode) {
        this.reasonCode = reasonCode;
    }

    /** What the client is told. */
    public ReasonCode reasonCode() {
        return reasonCode;
    }
}
