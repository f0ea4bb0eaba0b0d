package io.meridianmq.simulation;

/** A bug in how slots are handed around, to plant so that the simulation shows that it would find one like it. */
public enum SlotBug {
    NONE,
    /** What a copy is told it takes from whoever says it, of whatever epoch. */
    EPOCH_NOT_COMPARED,
    /** An owner calls a new copy complete as soon as there is one. */
    COPY_COMPLETE_AT_ONCE,
    /** A node that was paused goes on as if nothing had happened. */
    PAUSE_NOT_NOTICED,
    /** The register writes every table that any node proposes. */
    REGISTER_COMPARES_NOTHING
}
