package io.meridianmq.core.link;

import io.meridianmq.core.place.Place;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a component has asked others and still waits for, each question until its time is over.
 *
 * <p>Bounded: one more than {@link #OPEN_MAX} is answered with nothing at once. Owned by the thread that drives the
 * component.
 */
public final class OpenQuestions {

    static final int OPEN_MAX = 50_000;

    /** How often questions whose time is over are looked for. */
    private static final long SWEEP_NANOS = 20_000_000;

    /** Sends a question on its way; its publications are borrowed for the call. */
    @FunctionalInterface
    public interface Sender {
        void send(long id, Place destination, Question question);
    }

    private record Open(long deadlineNanos, Consumer<Optional<Answer>> onAnswer) {}

    private final Sender sender;
    private final Map<Long, Open> open = new HashMap<>();
    private long lastId;
    private long sweptNanos;
    private long unanswered;

    public OpenQuestions(Sender sender, long nowNanos) {
        this.sender = sender;
        this.sweptNanos = nowNanos;
    }

    /**
     * Asks.
     *
     * @param onAnswer called once, possibly during this call, with nothing if no answer came in time; publications of an
     *     answer are borrowed for the call
     */
    public void ask(Place destination, Question question, long deadlineNanos, Consumer<Optional<Answer>> onAnswer) {
        if (open.size() >= OPEN_MAX) {
            unanswered++;
            onAnswer.accept(Optional.empty());
            return;
        }
        lastId++;
        open.put(lastId, new Open(deadlineNanos, onAnswer));
        sender.send(lastId, destination, question);
    }

    /** An answer came; false if nobody waits for it. */
    public boolean onAnswered(Frame.Response response) {
        var question = open.remove(response.id());
        if (question == null) {
            return false;
        }
        question.onAnswer().accept(Optional.of(response.answer()));
        return true;
    }

    /** Ends the wait for what was not answered in time. */
    public void onTick(long nowNanos) {
        if (open.isEmpty() || nowNanos - sweptNanos < SWEEP_NANOS) {
            return;
        }
        sweptNanos = nowNanos;
        for (var entry : List.copyOf(open.entrySet())) {
            var question = entry.getValue();
            if (nowNanos - question.deadlineNanos() >= 0 && open.remove(entry.getKey(), question)) {
                unanswered++;
                question.onAnswer().accept(Optional.empty());
            }
        }
    }

    /** How many wait for an answer. */
    public int size() {
        return open.size();
    }

    /** How many were not answered in time, since the start. */
    public long unanswered() {
        return unanswered;
    }
}
