package io.meridianmq.digest;

/**
 * Numbers of a {@link DigestBuilder}.
 *
 * @param literalsMin the least number of literals a generation has room for; 10,000 literals take 12 KB
 * @param headroomPercent how much more than it has now a new generation has room for: more means fewer generations while
 *     it grows, and as much more bytes; 5 to 400
 * @param wildcardsMax how many filters with wildcards are carried exactly; also how many without a literal prefix, which
 *     cannot be summarised, may be added at all
 * @param groupsMax how many shared subscriptions may be added
 * @param deltaEntriesMax how many changes one delta carries; more leave in further deltas at once
 * @param rebuildStep how many literals one {@link DigestBuilder#poll} puts into a new generation, about 200 ns each
 */
public record DigestSettings(
        int literalsMin, int headroomPercent, int wildcardsMax, int groupsMax, int deltaEntriesMax, int rebuildStep) {

    /** 25% headroom, 50,000 wildcards, 10,000 groups, deltas of 100,000 changes, 10,000 literals (2 ms) a step. */
    public static final DigestSettings DEFAULT = new DigestSettings(10_000, 25, 50_000, 10_000, 100_000, 10_000);

    public DigestSettings {
        atLeast(1, literalsMin, "literalsMin");
        atLeast(5, headroomPercent, "headroomPercent");
        if (headroomPercent > 400) {
            throw new IllegalArgumentException("headroomPercent is " + headroomPercent + ": at most 400");
        }
        atLeast(1, wildcardsMax, "wildcardsMax");
        atLeast(0, groupsMax, "groupsMax");
        atLeast(1, deltaEntriesMax, "deltaEntriesMax");
        atLeast(1, rebuildStep, "rebuildStep");
    }

    private static void atLeast(int least, int value, String name) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + ": at least " + least);
        }
    }
}
