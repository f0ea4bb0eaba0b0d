package io.meridianmq.fabric.tls;

import java.io.Serial;

/** A file of a process's credentials cannot be used. The message names it, and says what is wrong and the fix. */
public final class CredentialsException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final Part part;
    private final String problem;

    CredentialsException(Part part, String message) {
        super(message);
        this.part = part;
        this.problem = message;
    }

    CredentialsException(Part part, String message, Exception cause) {
        super(message, cause);
        this.part = part;
        this.problem = message;
    }

    /** Which of the files is to blame. */
    public Part part() {
        return part;
    }

    /** The message. */
    public String problem() {
        return problem;
    }

    /** What credentials are made of. */
    public enum Part {
        /** The process's own certificate. */
        CERTIFICATE,
        /** Its private key. */
        KEY,
        /** The certificates of those whose signature is trusted. */
        AUTHORITY
    }
}
