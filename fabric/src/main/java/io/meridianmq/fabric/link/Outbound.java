package io.meridianmq.fabric.link;

import io.meridianmq.core.link.BatchProfile;
import io.meridianmq.core.link.Frame;
import io.meridianmq.proto.link.v1.HeartbeatAnswerFrame;
import io.meridianmq.proto.link.v1.HeartbeatFrame;
import io.meridianmq.proto.link.v1.LinkBatch;
import io.meridianmq.proto.link.v1.LinkFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
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
 * <p>A frame is written into its batch when it is offered, which copies the message, and nothing of it is kept: a slow
 * neighbour cannot pin the large buffers in which messages arrived. The batch that is being filled is filled again after
 * it was sent.
 *
 * <p>Belongs to the mesh thread.
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

    /** Capacity in bytes of a batch before its first frame. */
    private static final int BATCH_BYTES_MIN = 4 * 1024;

    private final LinkStream stream;
    private final BatchProfile profile;
    private final LinkSettings settings;
    private final FrameEncoder encoder;
    private final EventExecutor mesh;
    private final LinkCounters counters;

    /** Batches that the transport did not take at once, the oldest first. */
    private final Deque<Batch> full = new ArrayDeque<>();

    private Batch filling = new Batch();
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

    /** Takes a frame, of which nothing is kept, unless a bound forbids it. */
    Outcome offer(Frame frame, long wallMillis) {
        var droppable = frame instanceof Frame.Forward;
        if (droppable && waitingBytes >= settings.forwardBytesMax()) {
            return Outcome.QUEUE_FULL;
        }
        var start = filling.bytes.writerIndex();
        var outcome = append(frame, wallMillis, droppable);
        if (outcome != Outcome.ACCEPTED) {
            filling.bytes.writerIndex(start);
            filling.giveBack();
            return outcome;
        }
        filling.frames++;
        addWaitingBytes(filling.bytes.writerIndex() - start);
        if (filling.bytes.writerIndex() >= profile.bytesMax()) {
            flush();
        } else {
            flushLater();
        }
        return Outcome.ACCEPTED;
    }

    private Outcome append(Frame frame, long wallMillis, boolean droppable) {
        var start = filling.bytes.writerIndex();
        try {
            encoder.append(filling.bytes, frame, wallMillis);
        } catch (RuntimeException e) {
            filling.bytes.writerIndex(start);
            throw e;
        }
        var bytes = filling.bytes.writerIndex() - start;
        if (bytes > settings.frameBytesMax()) {
            return Outcome.TOO_LARGE;
        }
        if (droppable && waitingBytes + bytes > settings.forwardBytesMax()) {
            return Outcome.QUEUE_FULL;
        }
        return waitingBytes + bytes > settings.queuedBytesMax() ? Outcome.OVERFLOW : Outcome.ACCEPTED;
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
        if (stream.isReady()) {
            sendHeartbeats();
        }
        while (!full.isEmpty() && stream.isReady()) {
            send(full.remove());
        }
        // The transport may become ready at any moment: nothing overtakes what waits.
        if (full.isEmpty() && filling.frames > 0 && stream.isReady()) {
            send(filling);
            filling.clear();
        } else if (filling.bytes.writerIndex() >= profile.bytesMax()) {
            filling.giveBack();
            full.add(filling);
            filling = new Batch();
        }
    }

    /** Gives up what waits. */
    void close() {
        scheduled.ifPresent(flush -> flush.cancel(false));
        full.clear();
        filling = new Batch();
        addWaitingBytes(-waitingBytes);
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

    private void send(Batch batch) {
        var bytes = batch.bytes.readableBytes();
        stream.send(batch.bytes);
        addWaitingBytes(-bytes);
        countSent(batch.frames, bytes);
    }

    private void sendHeartbeats() {
        if (question.isEmpty() && answer.isEmpty()) {
            return;
        }
        var batch = LinkBatch.newBuilder();
        question.ifPresent(stamp -> batch.addFrames(
                LinkFrame.newBuilder().setHeartbeat(HeartbeatFrame.newBuilder().setStamp(stamp))));
        answer.ifPresent(stamp -> batch.addFrames(LinkFrame.newBuilder()
                .setHeartbeatAnswer(HeartbeatAnswerFrame.newBuilder().setStamp(stamp))));
        question = OptionalLong.empty();
        answer = OptionalLong.empty();
        var bytes = Unpooled.wrappedBuffer(batch.build().toByteArray());
        countSent(0, bytes.readableBytes());
        stream.send(bytes);
    }

    private void countSent(int frames, int bytes) {
        counters.framesSent.add(frames);
        counters.bytesSent.add(bytes);
        counters.batchesSent.increment();
    }

    private void addWaitingBytes(long bytes) {
        waitingBytes += bytes;
        counters.queuedBytes = waitingBytes;
    }

    /** Frames that leave together. */
    private final class Batch {

        private ByteBuf bytes = Unpooled.buffer(BATCH_BYTES_MIN);
        private int frames;

        /** Empties it, to be filled again. */
        void clear() {
            bytes.clear();
            frames = 0;
            giveBack();
        }

        /** Frees memory beyond what a batch usually needs, which a large frame took. */
        void giveBack() {
            if (bytes.capacity() > 2 * profile.bytesMax()) {
                bytes.capacity(Math.max(bytes.writerIndex(), BATCH_BYTES_MIN));
            }
        }
    }
}
