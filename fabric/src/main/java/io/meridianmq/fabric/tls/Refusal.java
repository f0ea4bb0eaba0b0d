package io.meridianmq.fabric.tls;

/** Why a connection was not made, as the end that counts it sees it. */
public enum Refusal {
    /** The other end's certificate is not from the authority, or not made for this use. */
    UNTRUSTED,
    /** The other end's certificate is not valid any more, or not yet. */
    EXPIRED,
    /** The other end's certificate does not say whom it is for. */
    NO_IDENTITY,
    /** The other end's certificate is for somebody else than was called. */
    OTHER_IDENTITY,
    /** The other end refused this one's certificate, or there is no version of TLS that both speak. */
    REJECTED,
    /** The end that was dialled does not encrypt. */
    PLAINTEXT,
    /** A caller left, or was cut off, before it had opened a call: it did not encrypt, or showed no certificate. */
    NO_HANDSHAKE
}
