package io.meridianmq.cli.bench;

import io.meridianmq.cli.bench.account.Latencies;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * How long it takes until messages from one broker reach a new subscription at another, again and again, each time with a
 * filter that nobody had before. A latency is from SUBSCRIBE until the first message has come.
 */
final class Reach {

    private final Parameters parameters;
    private final Progress progress;
    private final List<Worker> workers;
    private final List<Prober> probers;

    Reach(Parameters parameters, Progress progress) {
        this.parameters = parameters;
        this.progress = progress;
        this.workers = Worker.start(parameters);
        this.probers = IntStream.range(0, parameters.publishers())
                .mapToObj(number -> new Prober(workers.get(number % workers.size()), parameters, number))
                .toList();
    }

    /** @throws BenchFailedException if it could not begin */
    Result run() throws InterruptedException {
        try {
            var watch = new Watch(parameters, progress, () -> Worker.counts(workers));
            for (var worker : workers) {
                var attempts = mine(worker).stream()
                        .<Runnable>map(prober -> prober::open)
                        .toList();
                worker.run(() -> worker.opener().open(attempts));
            }
            Opener.await(workers.stream().map(Worker::opener).toList(), parameters.broker());
            each(Prober::start);
            watch.pass("warm-up", parameters.warmUp(), () -> false);
            each(Prober::forget);
            Worker.forgetLatencies(workers);
            var before = watch.now();
            watch.pass("measured", parameters.duration(), () -> false);
            var after = watch.now();
            each(Prober::stop);
            return result(before, after);
        } finally {
            each(Prober::close);
            workers.forEach(worker -> worker.loop().close());
        }
    }

    private List<Prober> mine(Worker worker) {
        return probers.stream().filter(prober -> prober.worker().equals(worker)).toList();
    }

    private void each(Consumer<Prober> what) {
        probers.forEach(prober -> prober.worker().run(() -> what.accept(prober)));
    }

    private long sum(ToLongFunction<Prober> what) {
        return probers.stream()
                .mapToLong(prober ->
                        prober.worker().ask(() -> what.applyAsLong(prober)).join())
                .sum();
    }

    private Result result(Watch.Moment before, Watch.Moment after) {
        var reached = after.receivedSince(before);
        var lost = sum(Prober::unreached);
        return new Result(
                parameters,
                sum(Prober::sent),
                reached,
                lost,
                0,
                0,
                after.counts().latencies().spread(),
                after.reading().brokerMicrosEach(before.reading(), reached),
                after.reading().brokerMegabytes(),
                after.reading().ownMicrosEach(before.reading(), reached),
                after.reading().secondsSince(before.reading()),
                figures(),
                after.counts().failures(lost));
    }

    private Map<String, Double> figures() {
        var granted = new Latencies();
        probers.forEach(prober ->
                granted.add(prober.worker().ask(prober.granted()::copy).join()));
        var figures = new LinkedHashMap<String, Double>();
        figures.put("subackP50Micros", granted.spread().p50Micros());
        figures.put("subackP99Micros", granted.spread().p99Micros());
        figures.put("missedAfterSuback", (double) sum(Prober::missed));
        return figures;
    }
}
