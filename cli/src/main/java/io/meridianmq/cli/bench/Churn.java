package io.meridianmq.cli.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * Clients subscribe, unsubscribe, leave and come again as fast as they can, while pairs exchange messages at a steady rate,
 * of which none may be lost. What is received is subscriptions; a latency is from SUBSCRIBE until SUBACK.
 */
final class Churn {

    /** Messages a second of the pairs, if no rate is asked for. */
    static final double RATE_DEFAULT = 1_000;

    private final Parameters parameters;
    private final Progress progress;

    Churn(Parameters parameters, Progress progress) {
        this.parameters = parameters;
        this.progress = progress;
    }

    /** @throws BenchFailedException if it could not begin */
    Result run() throws InterruptedException {
        try (var traffic = new Traffic(Layout.of(parameters), parameters)) {
            // They share the loops of the pairs and count for themselves.
            var workers = traffic.workers().stream()
                    .map(worker -> new Worker(worker.loop()))
                    .toList();
            var churners = IntStream.range(0, parameters.subscribers())
                    .mapToObj(number -> new Churner(workers.get(number % workers.size()), parameters, number))
                    .toList();
            traffic.open();
            traffic.start();
            churners.forEach(each -> each.worker().run(each::start));
            try {
                return measure(traffic, workers, churners);
            } finally {
                churners.forEach(each -> each.worker().run(each::close));
            }
        }
    }

    private Result measure(Traffic traffic, List<Worker> workers, List<Churner> churners) throws InterruptedException {
        var watch = new Watch(parameters, progress, () -> Worker.counts(workers));
        watch.pass("warm-up", parameters.warmUp(), () -> false);
        Worker.forgetLatencies(workers);
        traffic.forgetLatencies();
        var before = watch.now();
        var connectsBefore = sum(churners, Churner::connects);
        var streamBefore = traffic.counts();
        watch.pass("measured", parameters.duration(), () -> false);
        var after = watch.now();
        var stream = traffic.counts();
        var seconds = after.reading().secondsSince(before.reading());
        var figures = new LinkedHashMap<String, Double>();
        figures.put("connectsPerSecond", (sum(churners, Churner::connects) - connectsBefore) / seconds);
        figures.put("messagesPerSecond", (stream.received() - streamBefore.received()) / seconds);
        figures.put("messageP99Micros", stream.latencies().spread().p99Micros());
        traffic.stop();
        churners.forEach(each -> each.worker().run(each::stop));
        TrafficRun.awaitArrival(traffic);

        var whole = traffic.counts();
        var lost = traffic.missing();
        var failures = whole.failures(lost);
        failures.addAll(Worker.counts(workers).failures(0));
        var subscriptions = after.receivedSince(before);
        return new Result(
                parameters,
                subscriptions,
                subscriptions,
                lost,
                whole.repeated(),
                whole.reordered(),
                after.counts().latencies().spread(),
                after.reading().brokerMicrosEach(before.reading(), subscriptions),
                after.reading().brokerMegabytes(),
                after.reading().ownMicrosEach(before.reading(), subscriptions),
                seconds,
                figures,
                failures);
    }

    private static long sum(List<Churner> churners, ToLongFunction<Churner> figure) {
        return churners.stream()
                .mapToLong(each ->
                        each.worker().ask(() -> figure.applyAsLong(each)).join())
                .sum();
    }
}
