package io.meridianmq.cli.platform;

/** Something the user has to know or to put right; the message says what is wrong and what to do. */
public final class PlatformException extends RuntimeException {

    private static final long serialVersionUID = 1;

    PlatformException(String message) {
        super(message);
    }

    PlatformException(String message, Throwable cause) {
        super(message, cause);
    }
}
