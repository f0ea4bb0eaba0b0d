package io.meridianmq.retained.warm;

import io.meridianmq.retained.store.StoreSettings;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Limits of the warm tier.
 *
 * @param store where it is, and what RocksDB may use
 * @param diskBytesMax size beyond which new messages are answered with {@link PutOutcome#FULL}; clears always work
 * @param tombstonesKept how long a clear is remembered, by its stamp; at least 24 h, so that a put that was on its way
 *     while a region was cut off does not bring an old value back
 * @param sweepEvery time between looks at what has expired
 * @param sweepEntries expired entries and old tombstones removed by one commit
 * @param pageEntries entries that one page of a look-up examines at most
 * @param pageBytes bytes of messages that one page holds at most; one message is returned whatever its size
 */
public record WarmSettings(
        StoreSettings store,
        long diskBytesMax,
        Duration tombstonesKept,
        Duration sweepEvery,
        int sweepEntries,
        int pageEntries,
        long pageBytes) {

    private static final Duration TOMBSTONES_KEPT_MIN = Duration.ofHours(24);

    public WarmSettings {
        if (tombstonesKept.compareTo(TOMBSTONES_KEPT_MIN) < 0) {
            throw new IllegalArgumentException(
                    "tombstones of retained messages are kept for 24 h at least, not " + tombstonesKept);
        }
        if (!sweepEvery.isPositive() || sweepEntries < 1 || pageEntries < 1 || pageBytes < 1 || diskBytesMax < 1) {
            throw new IllegalArgumentException("the warm tier's limits must be positive: sweep every " + sweepEvery
                    + ", " + sweepEntries + " entries; pages of " + pageEntries + " entries and " + pageBytes
                    + " bytes; disk " + diskBytesMax + " bytes");
        }
    }

    /** A small store with 10 GiB of disk, tombstones for 24 h, a sweep of 512 each second, pages of 1,000 entries or 1 MiB. */
    public static WarmSettings small(Path folder) {
        return new WarmSettings(
                StoreSettings.small(folder),
                10L << 30,
                TOMBSTONES_KEPT_MIN,
                Duration.ofSeconds(1),
                512,
                1_000,
                1 << 20);
    }

    public WarmSettings with(StoreSettings other) {
        return new WarmSettings(other, diskBytesMax, tombstonesKept, sweepEvery, sweepEntries, pageEntries, pageBytes);
    }
}
