package io.meridianmq.cli.wan;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Bytes on their way in one direction: what is put in comes out after a fixed time, in order. Bandwidth is not limited;
 * but no more than {@value #BYTES_MAX} bytes are on their way at once, and whoever puts in more waits.
 *
 * <p>One thread puts in, another one takes out.
 */
final class DelayLine {

    /** At 100 ms enough for 160 MB/s. */
    static final int BYTES_MAX = 16 << 20;

    private final long delayNanos;
    private final Semaphore room = new Semaphore(BYTES_MAX);
    private final LinkedBlockingQueue<Chunk> chunks = new LinkedBlockingQueue<>();

    @SuppressWarnings("ArrayRecordComponent") // Never compared: only handed over.
    private record Chunk(byte[] bytes, long dueNanos) {}

    DelayLine(Duration delay) {
        this.delayNanos = delay.toNanos();
    }

    /**
     * Puts in bytes, which are not copied. Waits for room.
     *
     * @param bytes 1 to {@value #BYTES_MAX}
     */
    void put(byte[] bytes) throws InterruptedException {
        var due = System.nanoTime() + delayNanos;
        room.acquire(bytes.length);
        chunks.add(new Chunk(bytes, due));
    }

    /** Nothing more will be put in. */
    void end() {
        chunks.add(new Chunk(new byte[0], System.nanoTime() + delayNanos));
    }

    /**
     * Waits for the next bytes to be due, and returns them; none mean the end. Their room stays taken until {@link #gone}
     * says that they have left, so that a slow receiver slows the sender down.
     */
    byte[] take() throws InterruptedException {
        var chunk = chunks.take();
        TimeUnit.NANOSECONDS.sleep(chunk.dueNanos - System.nanoTime());
        return chunk.bytes;
    }

    /** Frees the room of bytes that were taken. */
    void gone(byte[] bytes) {
        room.release(bytes.length);
    }

    /** Nothing more will be taken: whoever waits for room need not wait any longer. */
    void abandon() {
        room.release(BYTES_MAX);
    }
}
