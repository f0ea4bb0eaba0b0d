package io.meridianmq.core.slot;

/** How to take a message about a slot, by the epoch that it names. */
public enum Fencing {
    /** It is from, or for, the owner at the epoch that is known here. */
    ACCEPT,
    /** It is of an epoch that is over: refuse it, and say which epoch is known here. */
    OLD,
    /** It is of this epoch, but not from the owner or not for who has it here: refuse it. */
    STRANGE,
    /** It is of an epoch that is not known here yet, or this node does not know what it missed: not now, but perhaps soon. */
    LATER
}
