package io.meridianmq.core.slot;

/** Where a node's effects on the slot table of its zone go: to what keeps the zone's leader and table. */
public interface SlotOutlet {

    /**
     * Writes a slot table if this node leads and the table to replace is there; the node is told in any case what came of
     * it, after what is there then.
     */
    void propose(SlotProposal proposal);

    /**
     * Reads the slot table anew; the node is told what was read, and then that the question is answered. While it cannot be
     * read nothing needs to follow: the question is repeated.
     */
    void confirmSlots(long question);
}
