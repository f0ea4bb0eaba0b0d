package io.meridianmq.fabric.link;

import java.util.concurrent.atomic.LongAdder;

/** Counts for one neighbour. Written by the mesh thread; {@link #figures()} may be read by any. */
final class LinkCounters {

    final LongAdder opened = new LongAdder();
    final LongAdder failedAttempts = new LongAdder();
    final LongAdder framesSent = new LongAdder();
    final LongAdder bytesSent = new LongAdder();
    final LongAdder batchesSent = new LongAdder();
    final LongAdder framesReceived = new LongAdder();
    final LongAdder bytesReceived = new LongAdder();
    final LongAdder batchesReceived = new LongAdder();
    private final EnumCounts<DownCause> closed = new EnumCounts<>(DownCause.class);
    private final EnumCounts<DropReason> dropped = new EnumCounts<>(DropReason.class);

    // Read by metrics threads.
    volatile boolean up;
    volatile long peerBoot;
    volatile long queuedBytes;
    volatile long roundTripNanos;

    void closed(DownCause cause) {
        closed.count(cause);
    }

    void dropped(DropReason reason) {
        dropped.count(reason);
    }

    LinkFigures figures() {
        return new LinkFigures(
                up,
                peerBoot,
                opened.sum(),
                failedAttempts.sum(),
                closed.sums(),
                framesSent.sum(),
                bytesSent.sum(),
                batchesSent.sum(),
                framesReceived.sum(),
                bytesReceived.sum(),
                batchesReceived.sum(),
                dropped.sums(),
                queuedBytes,
                roundTripNanos);
    }
}
