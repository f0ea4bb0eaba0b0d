package io.meridianmq.retained.store;

import java.nio.file.Path;

/**
 * Where a store is and what it may use.
 *
 * @param folder made if absent; one process at a time
 * @param durability when commits reach the disk
 * @param blockCacheBytes memory for blocks read from disk
 * @param writeBufferBytes memory of one column family's write buffer; up to two of each family are in use
 * @param openFilesMax table files held open
 * @param queueChanges changes that wait for the committer at most; more are refused
 * @param queueBytes bytes of changes that wait at most; one change is taken whatever its size
 * @param reserveBytes room on the disk below which changes that {@linkplain StoreCommitter.Change#needsRoom need room} fail
 */
public record StoreSettings(
        Path folder,
        Durability durability,
        long blockCacheBytes,
        long writeBufferBytes,
        int openFilesMax,
        int queueChanges,
        long queueBytes,
        long reserveBytes) {

    public StoreSettings {
        if (blockCacheBytes < 1 << 16 || writeBufferBytes < 1 << 16) {
            throw new IllegalArgumentException("a store needs a block cache and write buffers of 64 KiB each at least,"
                    + " not " + blockCacheBytes + " and " + writeBufferBytes + " bytes");
        }
        if (openFilesMax < 16 || queueChanges < 1 || queueBytes < 1) {
            throw new IllegalArgumentException("a store needs 16 open files and a queue of one change at least, not "
                    + openFilesMax + " files, " + queueChanges + " changes, " + queueBytes + " bytes");
        }
    }

    /** Small enough for many nodes on one machine: 8 MiB cache, 4 MiB buffers, 10,000 changes or 32 MiB waiting. */
    public static StoreSettings small(Path folder) {
        return new StoreSettings(folder, Durability.DEFAULT, 8 << 20, 4 << 20, 128, 10_000, 32 << 20, 0);
    }

    /** The same, with what is configured for all stores of a node. */
    public StoreSettings with(Durability newDurability, long newReserveBytes) {
        return new StoreSettings(
                folder,
                newDurability,
                blockCacheBytes,
                writeBufferBytes,
                openFilesMax,
                queueChanges,
                queueBytes,
                newReserveBytes);
    }
}
