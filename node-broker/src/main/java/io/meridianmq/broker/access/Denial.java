package io.meridianmq.broker.access;

import io.meridianmq.broker.packet.ReasonCode;

/** Why a client is not let in, or may not do what it wants; each is a counter. */
public enum Denial {
    /** It gave no user name, and there is no entrance without one. */
    ANONYMOUS(ReasonCode.NOT_AUTHORIZED),
    /** There is no such user, or it is not the user's password. Which of them, nobody is told. */
    PASSWORD(ReasonCode.BAD_USER_NAME_OR_PASSWORD),
    /** Its authentication method is not offered: it is none of those there are, or there are no passwords to prove. */
    METHOD(ReasonCode.BAD_AUTHENTICATION_METHOD),
    /** It did not prove by its authentication method who it is, or not in time. */
    PROOF(ReasonCode.NOT_AUTHORIZED),
    /** More clients wait for their passwords to be checked than may, or it took longer than a client may need to connect. */
    BUSY(ReasonCode.SERVER_BUSY),
    /** Its will is for a topic that it may not publish to. */
    WILL(ReasonCode.NOT_AUTHORIZED),
    /** It published to a topic that it may not publish to. */
    PUBLISH(ReasonCode.NOT_AUTHORIZED),
    /** It subscribed to what it may not have. */
    SUBSCRIBE(ReasonCode.NOT_AUTHORIZED),
    /** A file was changed, and what it is connected as, or has subscribed to, is not allowed any more. */
    REVOKED(ReasonCode.NOT_AUTHORIZED);

    private final ReasonCode reasonCode;

    Denial(ReasonCode reasonCode) {
        this.reasonCode = reasonCode;
    }

    /** What the client is told. */
    public ReasonCode reasonCode() {
        return reasonCode;
    }
}
