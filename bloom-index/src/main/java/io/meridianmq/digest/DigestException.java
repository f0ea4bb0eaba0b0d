package io.meridianmq.digest;

/** A chunk or delta that is corrupt, or larger than the receiver allows; the receiver's state did not change. */
public final class DigestException extends Exception {

    private static final long serialVersionUID = 1L;

    DigestException(String message) {
        super(message);
    }

    DigestException(String message, Throwable cause) {
        super(message, cause);
    }
}
