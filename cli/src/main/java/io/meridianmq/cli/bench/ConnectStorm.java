package io.meridianmq.cli.bench;

import io.meridianmq.cli.bench.wire.LocalAddresses;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Clients connect as fast as they can, with so many attempts under way. They stay until as many are connected as there may
 * be; from then on the oldest leaves for each that comes. A latency is from the attempt until CONNACK.
 */
final class ConnectStorm {

    /** A broker that refuses so many is not attempted any more. */
    private static final long BROKEN_MAX = 1_000;

    private final Parameters parameters;
    private final Progress progress;

    ConnectStorm(Parameters parameters, Progress progress) {
        this.parameters = parameters;
        this.progress = progress;
    }

    /** @throws BenchFailedException if nobody can connect */
    Result run() throws InterruptedException {
        var workers = Worker.start(parameters);
        var crowds = IntStream.range(0, workers.size())
                .mapToObj(number -> new Crowd(workers.get(number), number))
                .toList();
        try {
            var watch = new Watch(parameters, progress, () -> Worker.counts(workers));
            crowds.forEach(crowd -> crowd.worker.run(crowd::start));
            watch.pass("warm-up", parameters.warmUp(), () -> false);
            Worker.forgetLatencies(workers);
            var before = watch.now();
            watch.pass("measured", parameters.duration(), () -> false);
            var after = watch.now();
            crowds.forEach(crowd -> crowd.worker.run(crowd::stop));
            return result(before, after);
        } finally {
            crowds.forEach(crowd -> crowd.worker.run(crowd::close));
            workers.forEach(worker -> worker.loop().close());
        }
    }

    private Result result(Watch.Moment before, Watch.Moment after) {
        var connects = after.receivedSince(before);
        if (after.counts().received() == 0) {
            throw new BenchFailedException("nobody can connect to " + parameters.broker() + ": "
                    + String.join("; ", after.counts().troubles()));
        }
        return new Result(
                parameters,
                connects,
                connects,
                0,
                0,
                0,
                after.counts().latencies().spread(),
                after.reading().brokerMicrosEach(before.reading(), connects),
                after.reading().brokerMegabytes(),
                after.reading().ownMicrosEach(before.reading(), connects),
                after.reading().secondsSince(before.reading()),
                Map.of(),
                after.counts().failures(0));
    }

    /** The clients of one loop. */
    private final class Crowd {
        private final Worker worker;
        private final int share;
        private final int first;
        private final ArrayDeque<Visitor> open = new ArrayDeque<>();
        private final LocalAddresses addresses;
        private int started;
        private long broken;
        private boolean isStopped;

        Crowd(Worker worker, int number) {
            this.worker = worker;
            this.share = Math.max(1, parameters.connections() / parameters.threads());
            this.first = number * share;
            // Ports of connections that were closed stay taken for a while.
            this.addresses = new LocalAddresses(parameters.broker(), Integer.MAX_VALUE);
        }

        void start() {
            var attempts = Math.max(1, parameters.window() / parameters.threads());
            for (var count = 0; count < attempts; count++) {
                attempt();
            }
        }

        private void attempt() {
            if (isStopped || broken >= BROKEN_MAX) {
                return;
            }
            // Twice as many names as clients: one that leaves is not met by its successor of the same name.
            var number = first + started % (2 * share);
            started++;
            var visitor = new Visitor(
                    worker,
                    parameters,
                    parameters.clientId('c', number),
                    Optional.empty(),
                    this::onReady,
                    _ -> onBroken());
            visitor.open(parameters.broker(), addresses.of(started % (4 * LocalAddresses.CLIENTS_OF_ADDRESS)));
        }

        private void onReady(Visitor visitor) {
            open.add(visitor);
            if (open.size() > share) {
                open.remove().close();
            }
            attempt();
        }

        private void onBroken() {
            broken++;
            attempt();
        }

        void stop() {
            isStopped = true;
        }

        void close() {
            open.forEach(Visitor::close);
        }
    }
}
