package io.meridianmq.fabric.link;

import java.util.Map;

/**
 * What one link has done since the component started, and how it is now.
 *
 * @param up whether it is open
 * @param peerBoot boot number of the neighbour when it was last up; 0 before
 * @param opened times it went up
 * @param failedAttempts times it could not be opened, the neighbour's refusals included
 * @param closed times it went down, by cause; causes without any are absent
 * @param framesSent frames handed to the transport, heartbeats aside
 * @param bytesSent their batches' bytes before compression
 * @param batchesSent batches handed to the transport
 * @param framesReceived frames handed to the mesh
 * @param bytesReceived their batches' bytes after decompression
 * @param batchesReceived batches received
 * @param dropped frames not carried, by reason; reasons without any are absent
 * @param queuedBytes bytes waiting for the transport
 * @param roundTripNanos of the last heartbeat, both mesh threads' waiting included; 0 before the first answer
 */
public record LinkFigures(
        boolean up,
        long peerBoot,
        long opened,
        long failedAttempts,
        Map<DownCause, Long> closed,
        long framesSent,
        long bytesSent,
        long batchesSent,
        long framesReceived,
        long bytesReceived,
        long batchesReceived,
        Map<DropReason, Long> dropped,
        long queuedBytes,
        long roundTripNanos) {}
