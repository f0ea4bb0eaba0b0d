package io.meridianmq.fabric.link;

import io.meridianmq.core.link.BatchProfile;
import io.meridianmq.core.link.Frame;
import io.meridianmq.proto.link.v1.HeartbeatAnswerFrame;
import io.meridianmq.proto.link.v1.HeartbeatFrame;
import io.meridianmq.proto.link.v1.LinkBatch;
import io.meridianmq.proto.link.v1.LinkFrame;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Frames on their way to one neighbour, from the moment the link is up until it is down: collects them into batches and
 * bounds what waits for the transport.
 *
 * <p>Belongs to the mesh thread. Frames of the current run share their publications' bytes; when the transport does not
 * take them at once, they get bytes of their own, so that a slow neighbour cannot pin the large buffers in which they
 * arrived: what waits takes about as much memory as is counted.
 */
final class Outbound {

    /** What became of a frame. */
    enum Outcome {
        ACCEPTED,
        QUEUE_FULL,
        TOO_LARGE,
        /** The neighbour lets more wait than its windows allow: the link has to be reset. */
        OVERFLOW
    }

    /** One frame that has not been sent. */
    private static final class Waiting {

        private final int bytes;
        private LinkFrame encoded;
        private Optional<Frame> shared;

        Waiting(Frame frame, LinkFrame encoded, int bytes) {
            this.bytes = bytes;
            this.encoded = encoded;
            this.shared = Optional.of(frame);
        }

        void moveToBytesOfItsOwn() {
            encoded = OwnBytes.of(encoded);
            release();
        }

        void release() {
            shared.ifPresent(Shares::release);
            shared = Optional.empty();
        }
    }

    private final LinkStream stream;
    private final BatchProfile profile;
    private final LinkSettings settings;
    private final FrameEncoder encoder;
    private final EventExecutor mesh;
    private final LinkCounters counters;
    private final Deque<Waiting> waiting = new ArrayDeque<>();

    /** How many of the last ones waiting still share their bytes. */
    private int sharing;

    private long waitingBytes;
    // Of heartbeats only the newest of each kind matters, and it overtakes the frames that wait.
    private OptionalLong question = OptionalLong.empty();
    private OptionalLong answer = OptionalLong.empty();
    private Optional<Future<?>> scheduled = Optional.empty();

    Outbound(
            LinkStream stream,
            BatchProfile profile,
            LinkSettings settings,
            FrameEncoder encoder,
            EventExecutor mesh,
            LinkCounters counters) {
        this.stream = stream;
        this.profile = profile;
        this.settings = settings;
        this.encoder = encoder;
        this.mesh = mesh;
        this.counters = counters;
    }

    /** Takes a frame, and a share of its publications, unless a bound forbids it. */
    Outcome offer(Frame frame, long wallMillis) {
        var droppable = frame instanceof Frame.Forward;
        if (droppable && waitingBytes >= settings.forwardBytesMax()) {
            return Outcome.QUEUE_FULL;
        }
        var encoded = encoder.encode(frame, wallMillis);
        var bytes = encoded.getSerializedSize();
        if (bytes > settings.frameBytesMax()) {
            return Outcome.TOO_LARGE;
        }
        if (droppable && waitingBytes + bytes > settings.forwardBytesMax()) {
            return Outcome.QUEUE_FULL;
        }
        if (waitingBytes + bytes > settings.queuedBytesMax()) {
            return Outcome.OVERFLOW;
        }
        Shares.take(frame);
        waiting.add(new Waiting(frame, encoded, bytes));
        sharing++;
        addWaitingBytes(bytes);
        if (waitingBytes >= profile.bytesMax()) {
            flush();
        } else {
            flushLater();
        }
        return Outcome.ACCEPTED;
    }

    /** Asks for a sign of life, ahead of what waits. */
    void ask(long stamp) {
        question = OptionalLong.of(stamp);
        flush();
    }

    /** Gives a sign of life, ahead of what waits. */
    void answer(long stamp) {
        answer = OptionalLong.of(stamp);
        flush();
    }

    /** Sends what waits, as far as the transport takes it. */
    void flush() {
        while (hasWork() && stream.isReady()) {
            sendBatch();
        }
        var newest = waiting.descendingIterator();
        for (; sharing > 0; sharing--) {
            newest.next().moveToBytesOfItsOwn();
        }
    }

    /** Gives up what waits. */
    void close() {
        scheduled.ifPresent(flush -> flush.cancel(false));
        waiting.forEach(Waiting::release);
        waiting.clear();
        sharing = 0;
        addWaitingBytes(-waitingBytes);
    }

    private boolean hasWork() {
        return !waiting.isEmpty() || question.isPresent() || answer.isPresent();
    }

    private void flushLater() {
        if (scheduled.isEmpty()) {
            // Without a delay the flush still follows the tasks that are queued already, and so collects their frames.
            scheduled = Optional.of(
                    profile.delayNanos() == 0
                            ? mesh.submit(this::onScheduled)
                            : mesh.schedule(this::onScheduled, profile.delayNanos(), TimeUnit.NANOSECONDS));
        }
    }

    private void onScheduled() {
        scheduled = Optional.empty();
        flush();
    }

    private void sendBatch() {
        var batch = LinkBatch.newBuilder();
        addHeartbeats(batch);
        var frames = 0;
        var bytes = 0;
        for (Waiting next : waiting) {
            if (frames > 0 && bytes + next.bytes > profile.bytesMax()) {
                break;
            }
            batch.addFrames(next.encoded);
            frames++;
            bytes += next.bytes;
        }
        var built = batch.build();
        stream.send(built);
        for (int i = 0; i < frames; i++) {
            waiting.remove().release();
        }
        sharing = Math.min(sharing, waiting.size());
        addWaitingBytes(-bytes);
        counters.framesSent.add(frames);
        counters.bytesSent.add(built.getSerializedSize());
        counters.batchesSent.increment();
    }

    private void addHeartbeats(LinkBatch.Builder batch) {
        question.ifPresent(stamp -> batch.addFrames(
                LinkFrame.newBuilder().setHeartbeat(HeartbeatFrame.newBuilder().setStamp(stamp))));
        answer.ifPresent(stamp -> batch.addFrames(LinkFrame.newBuilder()
                .setHeartbeatAnswer(HeartbeatAnswerFrame.newBuilder().setStamp(stamp))));
        question = OptionalLong.empty();
        answer = OptionalLong.empty();
    }

    private void addWaitingBytes(long bytes) {
        waitingBytes += bytes;
        counters.queuedBytes = waitingBytes;
    }
}
