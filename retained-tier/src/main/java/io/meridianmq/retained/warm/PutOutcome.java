package io.meridianmq.retained.warm;

/** What became of a put or a clear. */
public enum PutOutcome {
    /** It is committed and is now the topic's value. */
    STORED,
    /** The topic has this version already, or a newer one, and keeps it. */
    SUPERSEDED,
    /** The disk budget is used up, or the disk; the topic keeps its value. */
    FULL,
    /** The disk failed; the topic keeps its value. */
    FAILED
}
