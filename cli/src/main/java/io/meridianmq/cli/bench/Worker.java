package io.meridianmq.cli.bench;

import io.meridianmq.cli.bench.account.Latencies;
import io.meridianmq.cli.bench.wire.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The clients of one event loop, and what they count. Belongs to that loop, from the first client on. */
final class Worker {

    private static final int TROUBLES_MAX = 5;

    private final Loop loop;
    private final Opener opener = new Opener();
    private final List<Publisher> publishers = new ArrayList<>();
    private final List<Audience> audiences = new ArrayList<>();
    private final Latencies latencies = new Latencies();
    private final List<String> troubles = new ArrayList<>();
    private long sent;
    private long received;
    private long repeated;
    private long reordered;
    private long broken;
    private long givenUp;

    Worker(Loop loop) {
        this.loop = loop;
    }

    /** Each with a loop of its own. */
    static List<Worker> start(Parameters parameters) {
        return IntStream.range(0, parameters.threads())
                .mapToObj(number -> new Worker(new Loop(number, parameters.transport())))
                .toList();
    }

    /** What all of them have counted. Not on a loop. */
    static Counts counts(List<Worker> workers) {
        var asked = workers.stream().map(worker -> worker.ask(worker::count)).toList();
        return Counts.sum(asked.stream().map(CompletableFuture::join).toList());
    }

    /** Latencies count from now on. Not on a loop. */
    static void forgetLatencies(List<Worker> workers) {
        workers.forEach(worker -> worker.run(worker::forgetLatencies));
    }

    Loop loop() {
        return loop;
    }

    Opener opener() {
        return opener;
    }

    /** Those of this loop. */
    List<Publisher> publishers() {
        return publishers;
    }

    /** Those of this loop who should get every message. */
    List<Audience> audiences() {
        return audiences;
    }

    private Counts count() {
        return new Counts(
                sent,
                received,
                repeated,
                reordered,
                broken,
                givenUp,
                loop.nowNanos(),
                latencies.copy(),
                List.copyOf(troubles));
    }

    private void forgetLatencies() {
        latencies.reset();
    }

    void onSent() {
        sent++;
    }

    void onReceived(long latencyNanos) {
        received++;
        latencies.record(latencyNanos);
    }

    void onRepeated() {
        repeated++;
    }

    void onReordered() {
        reordered++;
    }

    void onGivenUp(long messages) {
        givenUp += messages;
    }

    void onBroken(String clientId, String reason) {
        broken++;
        if (troubles.size() < TROUBLES_MAX) {
            troubles.add(clientId + ": " + reason);
        }
    }

    /** Runs it on the loop. */
    <T> CompletableFuture<T> ask(Supplier<T> question) {
        return CompletableFuture.supplyAsync(question, loop.executor());
    }

    /** Runs it on the loop, and waits for it. Not on a loop. */
    void run(Runnable task) {
        CompletableFuture.runAsync(task, loop.executor()).join();
    }
}
