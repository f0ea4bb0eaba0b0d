package io.meridianmq.fabric.lifecycle;

import java.io.Serial;

/**
 * The process must not start as it was asked to, and an operator has to change something first: a data folder in use, a
 * format from the future. The message says what is wrong and the fix; it is shown without a stack trace.
 */
public final class StartRefusedException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    public StartRefusedException(String message) {
        super(message);
    }

    public StartRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
