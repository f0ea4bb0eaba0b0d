package io.meridianmq.digest;

/** What a change to a {@link DigestBuilder} led to. */
public enum DigestOutcome {
    /** It was made. */
    CHANGED,
    /** It was made before. */
    UNCHANGED,
    /** A limit of {@link DigestSettings} is reached; whoever subscribes is to be told with quota exceeded (0x97). */
    REFUSED
}
