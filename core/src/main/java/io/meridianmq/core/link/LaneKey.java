package io.meridianmq.core.link;

import io.meridianmq.core.place.Place;

/**
 * Names one lane: its two ends.
 *
 * @param source the node that numbers
 * @param sourceBoot the source's boot number; numbers of another boot are another lane
 * @param destination a node, or a zone or region whose gateway chooses the landing node by {@code slot}
 * @param slot number in 0..4095 that spreads the lanes into a zone or region over its nodes; 0 for a node
 */
public record LaneKey(Place source, long sourceBoot, Place destination, int slot) {

    /** Slots of a zone. */
    public static final int SLOTS = 4096;

    public LaneKey {
        if (slot < 0 || slot >= SLOTS) {
            throw new IllegalArgumentException("slot " + slot + " is not in 0.." + (SLOTS - 1));
        }
    }
}
