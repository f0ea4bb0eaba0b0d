package io.meridianmq.core.slot;

/**
 * Something that nodes keep by slot, at the slot's owner and its copies. Called by the thread that drives the node.
 *
 * <p>What makes a planned hand-over safe is one rule: from the moment on at which an owner calls a joining copy {@linkplain
 * #isComplete complete}, it reports no change as made before that copy has accepted it, just as with the standby, until the
 * table names that copy no longer. So whichever of the two the leader lets take over, it has everything.
 */
public interface SlotContents {

    /**
     * This node serves the slot from now on, at {@code now.epoch()}.
     *
     * @param continued whether it had a complete copy at the epoch before; if not it may have nothing, or something old, and
     *     has to find out elsewhere what there is
     */
    void serve(int slot, Slot now, boolean continued);

    /** This node still serves the slot at the same epoch, and the copies are at other nodes. */
    void copiesMoved(int slot, Slot now);

    /** This node keeps a copy for the owner that {@code now} names, at its epoch: complete as the standby, else to be filled. */
    void follow(int slot, Slot now);

    /** This node has no part in the slot any more; as the keeper of a copy, it has had none for two leases. */
    void release(int slot);

    /**
     * Whether the joining copy has all there is, and every change waits for it from now on. Asked of the owner again and
     * again, some 20 times a second for each slot with a joining copy.
     */
    boolean isComplete(int slot, Slot now);
}
