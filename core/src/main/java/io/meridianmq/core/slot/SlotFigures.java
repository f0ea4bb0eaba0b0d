package io.meridianmq.core.slot;

/**
 * A node's part in the slots of its zone in numbers, for metrics and reports; counters count since the start.
 *
 * @param owned slots that it serves
 * @param standby slots of which it has the second copy
 * @param unowned slots of the zone that nobody serves
 * @param tableVersion version of the table it knows
 * @param leads whether it is the zone's leader
 * @param suspended whether it acts on nothing because it may have been replaced
 * @param handOvers slots that it got or gave away
 * @param tables tables that it proposed as leader
 * @param tablesLost of these, how many were not taken
 */
public record SlotFigures(
        int owned,
        int standby,
        int unowned,
        long tableVersion,
        boolean leads,
        boolean suspended,
        long handOvers,
        long tables,
        long tablesLost) {}
