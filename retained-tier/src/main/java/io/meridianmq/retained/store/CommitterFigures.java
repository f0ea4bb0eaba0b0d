package io.meridianmq.retained.store;

/**
 * Live figures of a committer; counts are since its start.
 *
 * @param queuedChanges changes waiting
 * @param queuedBytes bytes of the changes waiting
 * @param refused changes refused because the queue was full or closed
 * @param groups groups committed
 * @param syncs times the log was forced to disk on its own, with durability.sync: interval
 * @param failures changes that failed, and failed syncs
 * @param isFull whether the disk has less room than its reserve
 */
public record CommitterFigures(
        int queuedChanges, long queuedBytes, long refused, long groups, long syncs, long failures, boolean isFull) {}
