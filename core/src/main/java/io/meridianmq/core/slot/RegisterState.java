package io.meridianmq.core.slot;

/** Whether the register that keeps a zone's leader and slot table can be reached. */
public enum RegisterState {
    /** It cannot. */
    AWAY,
    /** It can, for the first time or again after a moment. */
    THERE,
    /** It can again, after it was away so long that leases may have ended although their processes live. */
    RETURNED
}
