package io.meridianmq.core.slot;

/**
 * A table that a leader wants written.
 *
 * @param next the table
 * @param replaces version of the table that must be there when it is written; 0 for none
 */
public record SlotProposal(SlotTable next, long replaces) {}
