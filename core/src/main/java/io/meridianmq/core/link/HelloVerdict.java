package io.meridianmq.core.link;

/** Whether a hello opens the link. */
public sealed interface HelloVerdict {

    /** The link is open. */
    record Accepted() implements HelloVerdict {}

    /**
     * The stream is closed.
     *
     * @param reason what is wrong and what helps, for an operator
     */
    record Refused(Cause cause, String reason) implements HelloVerdict {}

    /** Why a hello is refused. */
    enum Cause {
        /** Its certificate is for another place. */
        CERTIFICATE,
        /** It speaks another version of the protocol. */
        VERSION,
        /** It is not the place that was dialled. */
        OTHER_PLACE,
        /** No link connects the two places. */
        NOT_ADJACENT,
        /** It should wait to be called. */
        WRONG_DIALLER,
        /** The directory does not list this start of it, as far as is known here; it knows of a later state of the directory. */
        NOT_LISTED,
        /** The directory does not list it any more, and that is no older than what it knows of the directory. */
        LEFT_OUT,
        /** A later start of the same place has been seen. */
        OLD_BOOT
    }
}
