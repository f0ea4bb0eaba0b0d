package io.meridianmq.core.retained;

import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.OpenQuestions;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Place;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/** Questions with a time limit, and things to do later: what the parts of one component have of others and of time. */
final class Asking {

    private record Later(long dueNanos, long order, Runnable task) {}

    private final OpenQuestions questions;
    private final PriorityQueue<Later> later =
            new PriorityQueue<>(Comparator.comparingLong(Later::dueNanos).thenComparingLong(Later::order));
    private long nowNanos;
    private long lastOrder;

    Asking(OpenQuestions questions, long nowNanos) {
        this.questions = questions;
        this.nowNanos = nowNanos;
    }

    /** @param onAnswer as in {@link OpenQuestions#ask} */
    void ask(Place destination, Question question, Duration patience, Consumer<Optional<Answer>> onAnswer) {
        questions.ask(destination, question, nowNanos + patience.toNanos(), onAnswer);
    }

    void after(Duration time, Runnable task) {
        lastOrder++;
        later.add(new Later(nowNanos + time.toNanos(), lastOrder, task));
    }

    long nowNanos() {
        return nowNanos;
    }

    void onTick(long nanos) {
        nowNanos = nanos;
        questions.onTick(nanos);
        for (var next = later.peek(); next != null && nanos - next.dueNanos() >= 0; next = later.peek()) {
            later.remove();
            next.task().run();
        }
    }
}
