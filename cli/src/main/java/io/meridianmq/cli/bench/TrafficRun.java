package io.meridianmq.cli.bench;

import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One measurement of a stream of messages: connect, warm up, measure, let arrive what is on its way, and check that
 * nothing was lost, repeated or overtaken.
 */
final class TrafficRun {

    private static final long POLL_MILLIS = 10;
    private static final double NANOS_PER_SECOND = 1e9;

    /** What is on its way is lost when nothing has come for so long. */
    private static final long QUIET_NANOS = 3_000_000_000L;

    private final Layout layout;
    private final Parameters parameters;
    private final Progress progress;

    TrafficRun(Layout layout, Parameters parameters, Progress progress) {
        this.layout = layout;
        this.parameters = parameters;
        this.progress = progress;
    }

    /** @throws BenchFailedException if it could not begin */
    Result run() throws InterruptedException {
        try (var traffic = new Traffic(layout, parameters)) {
            var watch = new Watch(parameters, progress, traffic::counts);
            traffic.open();
            if (parameters.scenario() == Scenario.CROSS_REGION) {
                traffic.awaitReach();
            }
            progress.say("%,d publishers and %,d subscribers are connected"
                    .formatted(layout.speakers().size(), layout.hearers().size()));
            return parameters.messages() > 0 ? countedMessages(traffic, watch) : timed(traffic, watch);
        }
    }

    private Result timed(Traffic traffic, Watch watch) throws InterruptedException {
        traffic.start();
        watch.pass("warm-up", parameters.warmUp(), () -> false);
        traffic.forgetLatencies();
        var before = watch.now();
        watch.pass("measured", parameters.duration(), () -> false);
        var after = watch.now();
        traffic.stop();
        awaitArrival(traffic);
        return result(traffic, before, after, after.reading().secondsSince(before.reading()));
    }

    /** Over when the last message is there. */
    private Result countedMessages(Traffic traffic, Watch watch) throws InterruptedException {
        var before = watch.now();
        traffic.start();
        watch.pass("measured", parameters.duration(), traffic::isDone);
        traffic.stop();
        awaitArrival(traffic);
        var after = watch.now();
        // The last arrival was noticed a little later.
        var nanos = after.counts().lastNanos() - before.reading().nanos();
        return result(traffic, before, after, nanos / NANOS_PER_SECOND);
    }

    static void awaitArrival(Traffic traffic) throws InterruptedException {
        var counts = traffic.counts();
        var changedNanos = System.nanoTime();
        while (traffic.missing() > 0 && System.nanoTime() - changedNanos < QUIET_NANOS) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            var now = traffic.counts();
            if (now.received() != counts.received()) {
                changedNanos = System.nanoTime();
            }
            counts = now;
        }
    }

    private Result result(Traffic traffic, Watch.Moment before, Watch.Moment after, double seconds) {
        var whole = traffic.counts();
        var lost = traffic.missing();
        var received = after.receivedSince(before);
        return new Result(
                parameters,
                after.counts().sent() - before.counts().sent(),
                received,
                lost,
                whole.repeated(),
                whole.reordered(),
                after.counts().latencies().spread(),
                after.reading().brokerMicrosEach(before.reading(), received),
                after.reading().brokerMegabytes(),
                after.reading().ownMicrosEach(before.reading(), received),
                seconds,
                Map.of(),
                whole.failures(lost));
    }
}
