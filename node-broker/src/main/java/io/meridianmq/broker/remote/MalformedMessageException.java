package io.meridianmq.broker.remote;

/** Another node sent what cannot be read. Has no stack trace: where it was noticed says nothing about the sender. */
public final class MalformedMessageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MalformedMessageException(String message) {
        super(message, null, false, false);
    }
}
