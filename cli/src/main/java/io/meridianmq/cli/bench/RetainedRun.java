package io.meridianmq.cli.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Retained messages are put into all topics, replaced, looked up by all subscribers with one wildcard each for the time of
 * the measurement, and cleared. What is received is messages of look-ups; a latency is from SUBSCRIBE until one of them.
 */
final class RetainedRun {

    private static final int TOPICS_OF_LEVEL = 100;
    private static final long NEWEST = 1;
    private static final int TICK_MILLIS = 500;
    private static final int POLL_MILLIS = 10;
    private static final int PUT_WITHIN_SECONDS = 300;
    private static final long END_WITHIN_NANOS = 30_000_000_000L;

    private final Parameters parameters;
    private final Progress progress;
    private final List<Worker> workers;
    private final List<Putter> putters;
    private final List<Looker> lookers;

    RetainedRun(Parameters parameters, Progress progress) {
        this.parameters = parameters;
        this.progress = progress;
        this.workers = Worker.start(parameters);
        var publishers = Math.max(1, parameters.publishers());
        this.putters = IntStream.range(0, publishers)
                .mapToObj(number -> new Putter(
                        workers.get(number % workers.size()),
                        parameters,
                        number,
                        share(number, publishers),
                        share(number + 1, publishers),
                        this::topic))
                .toList();
        this.lookers = IntStream.range(0, parameters.subscribers())
                .mapToObj(number -> new Looker(
                        workers.get(number % workers.size()),
                        parameters,
                        number,
                        parameters.topic("retained/#"),
                        NEWEST))
                .toList();
    }

    private int share(int number, int publishers) {
        return (int) ((long) parameters.topics() * number / publishers);
    }

    private String topic(int number) {
        return parameters.topic("retained/" + number / TOPICS_OF_LEVEL + "/" + number % TOPICS_OF_LEVEL);
    }

    /** @throws BenchFailedException if it could not begin, or the messages could not be put */
    Result run() throws InterruptedException {
        try {
            open();
            put(0);
            var startNanos = System.nanoTime();
            put(NEWEST);
            var putsPerSecond = parameters.topics() * 1e9 / (System.nanoTime() - startNanos);
            progress.say("%,d retained messages were put, %,.0f/s".formatted(parameters.topics(), putsPerSecond));
            var result = lookUp(putsPerSecond);
            await((putter, done) -> putter.clear(done));
            return result;
        } finally {
            putters.forEach(each -> each.worker().run(each.connection()::close));
            lookers.forEach(each -> each.worker().run(each.connection()::close));
            workers.forEach(worker -> worker.loop().close());
        }
    }

    private void open() throws InterruptedException {
        for (var worker : workers) {
            var connections = Stream.concat(
                    putters.stream()
                            .filter(each -> each.worker().equals(worker))
                            .map(Putter::connection),
                    lookers.stream()
                            .filter(each -> each.worker().equals(worker))
                            .map(Looker::connection));
            var attempts = connections
                    .<Runnable>map(
                            connection -> () -> worker.loop().open(connection, parameters.broker(), Optional.empty()))
                    .toList();
            worker.run(() -> worker.opener().open(attempts));
        }
        Opener.await(workers.stream().map(Worker::opener).toList(), parameters.broker());
    }

    private void put(long generation) {
        await((putter, done) -> putter.put(generation, done));
    }

    private void await(BiConsumer<Putter, CompletableFuture<Boolean>> task) {
        var all = putters.stream()
                .map(putter -> {
                    var done = new CompletableFuture<Boolean>();
                    putter.worker().run(() -> task.accept(putter, done));
                    return done;
                })
                .toList();
        try {
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                    .orTimeout(PUT_WITHIN_SECONDS, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            throw new BenchFailedException(
                    "the retained messages could not be put within " + PUT_WITHIN_SECONDS + " s: " + e.getCause());
        }
    }

    private Result lookUp(double putsPerSecond) throws InterruptedException {
        var watch = new Watch(parameters, progress, () -> Worker.counts(workers));
        for (var worker : workers) {
            var _ = worker.loop()
                    .executor()
                    .scheduleAtFixedRate(() -> tick(worker), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
        lookers.forEach(each -> each.worker().run(each::start));
        watch.pass("warm-up", parameters.warmUp(), () -> false);
        Worker.forgetLatencies(workers);
        var before = watch.now();
        var lookupsBefore = sum(Looker::lookups);
        watch.pass("measured", parameters.duration(), () -> false);
        var after = watch.now();
        var lookups = sum(Looker::lookups) - lookupsBefore;
        lookers.forEach(each -> each.worker().run(each::stop));
        awaitEnd();

        var whole = Worker.counts(workers);
        var lost = sum(Looker::lost);
        var failures = whole.failures(lost);
        var stale = sum(Looker::stale);
        if (stale > 0) {
            failures.add("%,d retained messages had an older value".formatted(stale));
        }
        var received = after.receivedSince(before);
        var seconds = after.reading().secondsSince(before.reading());
        var figures = new LinkedHashMap<String, Double>();
        figures.put("putsPerSecond", putsPerSecond);
        figures.put("lookupsPerSecond", lookups / seconds);
        return new Result(
                parameters,
                whole.sent(),
                received,
                lost,
                whole.repeated(),
                whole.reordered(),
                after.counts().latencies().spread(),
                after.reading().brokerMicrosEach(before.reading(), received),
                after.reading().brokerMegabytes(),
                after.reading().ownMicrosEach(before.reading(), received),
                seconds,
                figures,
                failures);
    }

    private void tick(Worker worker) {
        var nowNanos = System.nanoTime();
        for (var looker : lookers) {
            if (looker.worker().equals(worker)) {
                looker.tick(nowNanos);
            }
        }
    }

    /** Each look-up ends by itself, whole or not. */
    private void awaitEnd() throws InterruptedException {
        var startNanos = System.nanoTime();
        while (sum(each -> each.isIdle() ? 0 : 1) > 0 && System.nanoTime() - startNanos < END_WITHIN_NANOS) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private long sum(ToLongFunction<Looker> figure) {
        return lookers.stream()
                .mapToLong(each ->
                        each.worker().ask(() -> figure.applyAsLong(each)).join())
                .sum();
    }
}
