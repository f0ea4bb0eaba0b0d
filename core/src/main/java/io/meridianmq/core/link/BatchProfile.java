package io.meridianmq.core.link;

import io.meridianmq.core.place.Place;

/**
 * When the frames that wait for one neighbour leave together as one batch: at the latest after {@code delayNanos}, and
 * as soon as they have {@code bytesMax}.
 *
 * @param delayNanos how long the first waiting frame waits for others; 0: until the sender has no more work at hand
 * @param bytesMax size of a batch in bytes; only a single frame may be larger
 * @param compressed whether batches are compressed
 */
public record BatchProfile(long delayNanos, int bytesMax, boolean compressed) {

    /** Inside a zone: no delay that a client could notice. */
    public static final BatchProfile MESH = new BatchProfile(0, 64 * 1024, false);

    /** Inside a region: a millisecond buys batches where each hop is shared by a whole zone. */
    public static final BatchProfile REGION = new BatchProfile(1_000_000, 64 * 1024, false);

    /** Between regions: small against the distance, and bytes cost money. */
    public static final BatchProfile WAN = new BatchProfile(5_000_000, 256 * 1024, true);

    public BatchProfile {
        if (delayNanos < 0 || bytesMax < 1) {
            throw new IllegalArgumentException(
                    "delayNanos must be at least 0 and bytesMax at least 1, not " + delayNanos + " and " + bytesMax);
        }
    }

    /** The profile of the link between two neighbours: by the smallest place that has both in it. */
    public static BatchProfile between(Place a, Place b) {
        if (a.inZone().equals(b.inZone())) {
            return MESH;
        }
        return a.inRegion().equals(b.inRegion()) ? REGION : WAN;
    }
}
