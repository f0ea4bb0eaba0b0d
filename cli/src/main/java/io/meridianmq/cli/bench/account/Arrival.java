package io.meridianmq.cli.bench.account;

/** What a message is to the subscriber that gets it. */
public enum Arrival {
    /** Later than every one before it of its publisher. */
    IN_ORDER,
    /** For the first time, but one that was published after it was here before. */
    LATE,
    /** It was here before. */
    REPEATED
}
