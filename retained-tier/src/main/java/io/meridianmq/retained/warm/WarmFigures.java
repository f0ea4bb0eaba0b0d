package io.meridianmq.retained.warm;

import io.meridianmq.retained.store.CommitterFigures;

/**
 * Live figures of the warm tier; counts are since it was opened.
 *
 * @param keysEstimate messages and tombstones held, about
 * @param sizeBytes live table files and write buffers
 * @param full whether new messages are answered with {@link PutOutcome#FULL}
 * @param stored puts and clears committed
 * @param superseded puts and clears that came too late
 * @param refusedFull puts answered with {@link PutOutcome#FULL}
 * @param expired messages removed because they expired
 * @param tombstonesDropped tombstones removed because of their age
 * @param committer the store's committer
 */
public record WarmFigures(
        long keysEstimate,
        long sizeBytes,
        boolean full,
        long stored,
        long superseded,
        long refusedFull,
        long expired,
        long tombstonesDropped,
        CommitterFigures committer) {}
