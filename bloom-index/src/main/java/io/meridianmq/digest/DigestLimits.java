package io.meridianmq.digest;

/**
 * What a {@link RemoteDigest} accepts from its sender.
 *
 * @param bloomBytesMax bytes of each of the two Bloom filters of a generation; while a new one arrives there are two
 * @param wildcardsMax filters with wildcards that are carried exactly
 * @param groupsMax shared subscriptions
 * @param waitingDeltasMax deltas that may arrive while a new generation does
 */
public record DigestLimits(long bloomBytesMax, int wildcardsMax, int groupsMax, int waitingDeltasMax) {

    /** Room for 200 million literals and twice the default number of wildcards and groups. */
    public static final DigestLimits DEFAULT = new DigestLimits(256L << 20, 100_000, 20_000, 4_096);

    public DigestLimits {
        if (bloomBytesMax < Long.BYTES || wildcardsMax < 0 || groupsMax < 0 || waitingDeltasMax < 0) {
            throw new IllegalArgumentException("digest limits must not be negative and leave room for 8 bytes: "
                    + bloomBytesMax + ", " + wildcardsMax + ", " + groupsMax + ", " + waitingDeltasMax);
        }
    }
}
