package io.meridianmq.cli.load.account;

/** What a message is to the watcher that it came to. */
public enum Arrival {
    /** It came for the first time. */
    FIRST,
    /** It came for the first time, after it had been given up. */
    LATE,
    /** It had come before. */
    AGAIN,
    /** Nobody sent it. */
    NEVER_SENT
}
