package io.meridianmq.core.retained;

import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.slot.SlotHash;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * What one destination, another region or zone, has yet to get: of each topic the newest publication. All of it is on this
 * node's disk as well, so nothing is lost with it: beyond {@link #ENTRIES_MAX} or {@link #BYTES_MAX} only the slot of a
 * publication is remembered, to be gone through later.
 */
final class RetainedOutbox {

    static final int ENTRIES_MAX = 10_000;
    static final long BYTES_MAX = 16L << 20;
    static final int WINDOW = 256;

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration PAUSE_MIN = Duration.ofMillis(200);
    private static final int PAUSE_DOUBLINGS = 5;

    private final Place destination;
    private final Question.PutStage stage;
    private final Asking asking;
    private final Consumer<Publication> onArrived;
    private final IntConsumer onDeferred;
    private final Map<String, Publication> waiting = new LinkedHashMap<>();
    private long waitingBytes;
    private int inFlight;
    private int failures;
    private boolean isPaused;
    private boolean isClosed;

    /**
     * @param stage as what the destination gets it
     * @param onArrived told what the destination has on disk now; borrowed for the call
     * @param onDeferred told of a slot of which something was not taken, so that it has to be gone through
     */
    RetainedOutbox(
            Place destination,
            Question.PutStage stage,
            Asking asking,
            Consumer<Publication> onArrived,
            IntConsumer onDeferred) {
        this.destination = destination;
        this.stage = stage;
        this.asking = asking;
        this.onArrived = onArrived;
        this.onDeferred = onDeferred;
    }

    void offer(Publication publication) {
        put(publication.shareForLong());
        send();
    }

    int size() {
        return waiting.size() + inFlight;
    }

    /** Forgets what waits, since the destination is gone. */
    void close() {
        isClosed = true;
        waiting.values().forEach(Publication::release);
        waiting.clear();
        waitingBytes = 0;
    }

    /** Takes over a share. */
    private void put(Publication publication) {
        var known = waiting.get(publication.topic());
        var isNewer = known == null || RetainedVersion.of(known).compareTo(RetainedVersion.of(publication)) < 0;
        var size = RetainedStore.sizeBytes(publication);
        var isFull = (known == null && waiting.size() >= ENTRIES_MAX) || waitingBytes + size > BYTES_MAX;
        if (isClosed || !isNewer) {
            publication.release();
        } else if (isFull) {
            onDeferred.accept(SlotHash.ofTopic(publication.topic()));
            publication.release();
        } else {
            if (known != null) {
                waitingBytes -= RetainedStore.sizeBytes(known);
                known.release();
            }
            waiting.put(publication.topic(), publication);
            waitingBytes += size;
        }
    }

    private void send() {
        while (!isPaused && inFlight < WINDOW && !waiting.isEmpty()) {
            var next = waiting.values().iterator().next();
            waiting.remove(next.topic());
            waitingBytes -= RetainedStore.sizeBytes(next);
            inFlight++;
            var put = new Question.RetainedPut(SlotHash.ofTopic(next.topic()), stage, List.of(next));
            asking.ask(destination, put, PATIENCE, answer -> onAnswer(next, answer));
        }
    }

    private void onAnswer(Publication publication, Optional<Answer> answer) {
        inFlight--;
        if (answer.isPresent() && answer.get() instanceof Answer.RetainedKept(var code) && code == 0) {
            failures = 0;
            onArrived.accept(publication);
            publication.release();
        } else {
            put(publication);
            pause();
        }
        send();
    }

    private void pause() {
        if (!isPaused && !isClosed) {
            isPaused = true;
            asking.after(PAUSE_MIN.multipliedBy(1L << Math.min(failures, PAUSE_DOUBLINGS)), () -> {
                isPaused = false;
                send();
            });
            failures++;
        }
    }
}
