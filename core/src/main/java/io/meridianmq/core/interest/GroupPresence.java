package io.meridianmq.core.interest;

/** What members a shared subscription has. */
public enum GroupPresence {
    ABSENT,
    /** Only members without a connection. */
    OFFLINE,
    ONLINE
}
