package io.meridianmq.cli.bench;

import io.meridianmq.cli.bench.account.LiveHeap;
import io.meridianmq.cli.bench.account.ProcessUsage;
import io.meridianmq.cli.bench.wire.LocalAddresses;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * What connections cost that do nothing: clients with an identifier of 20 bytes and one subscription each. The first
 * {@value #WARM_UP_CLIENTS} warm up the broker and are not counted; what the others add to its memory is measured once they
 * have all been connected for the warm-up time. A latency is from the attempt until SUBACK.
 */
final class Idle {

    static final int WARM_UP_CLIENTS = 500;

    private static final double BYTES_PER_MEGABYTE = 1e6;
    private static final double PERCENT = 100;

    private final Parameters parameters;
    private final Progress progress;
    private final List<Worker> workers;

    Idle(Parameters parameters, Progress progress) {
        this.parameters = parameters;
        this.progress = progress;
        this.workers = Worker.start(parameters);
    }

    /** The broker's memory; what is not known is left out. */
    private record Memory(OptionalLong residentBytes, OptionalLong heapBytes) {}

    /** @throws BenchFailedException if not all can connect */
    Result run() throws InterruptedException {
        var visitors = IntStream.range(0, WARM_UP_CLIENTS + parameters.connections())
                .mapToObj(this::visitor)
                .toList();
        try {
            var watch = new Watch(parameters, progress, () -> Worker.counts(workers));
            open(visitors, 0, WARM_UP_CLIENTS);
            rest();
            var memoryBefore = memory();
            Worker.forgetLatencies(workers);
            var before = watch.now();
            open(visitors, WARM_UP_CLIENTS, visitors.size());
            var open = watch.now();
            progress.say("%,d clients are connected".formatted(parameters.connections()));
            rest();
            var memory = memory();
            var idle = watch.now();
            watch.pass("idle", parameters.duration(), () -> false);
            return result(before, open, idle, watch.now(), figures(memoryBefore, memory));
        } finally {
            for (var visitor : visitors) {
                visitor.worker().loop().executor().execute(visitor::close);
            }
            workers.forEach(worker -> worker.loop().close());
        }
    }

    private Visitor visitor(int number) {
        var worker = workers.get(number % workers.size());
        return new Visitor(
                worker,
                parameters,
                parameters.clientId('i', number),
                Optional.of(parameters.topic("idle/" + number)),
                _ -> worker.opener().onOpen(),
                worker.opener()::onBroken);
    }

    private void open(List<Visitor> visitors, int from, int to) throws InterruptedException {
        var addresses = new LocalAddresses(parameters.broker(), visitors.size());
        for (var worker : workers) {
            var attempts = IntStream.range(from, to)
                    .filter(number -> visitors.get(number).worker().equals(worker))
                    .<Runnable>mapToObj(
                            number -> () -> visitors.get(number).open(parameters.broker(), addresses.of(number)))
                    .toList();
            worker.run(() -> worker.opener().open(attempts));
        }
        Opener.await(workers.stream().map(Worker::opener).toList(), parameters.broker());
    }

    private void rest() throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(parameters.warmUp().toNanos());
    }

    private Memory memory() throws InterruptedException {
        if (parameters.brokerProcess().isEmpty()) {
            return new Memory(OptionalLong.empty(), OptionalLong.empty());
        }
        var processId = parameters.brokerProcess().getAsLong();
        // In this order: a collection leaves its marks on what is resident.
        var heap = LiveHeap.ofProcess(processId);
        var resident = new Meter(parameters.brokerProcess())
                .read()
                .broker()
                .map(ProcessUsage::residentBytes)
                .map(OptionalLong::of)
                .orElseGet(OptionalLong::empty);
        return new Memory(resident, heap);
    }

    private Map<String, Double> figures(Memory before, Memory after) {
        var figures = new LinkedHashMap<String, Double>();
        if (before.residentBytes().isPresent() && after.residentBytes().isPresent()) {
            figures.put("residentBytesPerConnection", each(before.residentBytes(), after.residentBytes()));
        }
        if (before.heapBytes().isPresent() && after.heapBytes().isPresent()) {
            figures.put("heapBytesPerConnection", each(before.heapBytes(), after.heapBytes()));
            figures.put("heapMb", after.heapBytes().getAsLong() / BYTES_PER_MEGABYTE);
        }
        return figures;
    }

    private double each(OptionalLong before, OptionalLong after) {
        return (after.getAsLong() - before.getAsLong()) / (double) parameters.connections();
    }

    private Result result(
            Watch.Moment before, Watch.Moment open, Watch.Moment idle, Watch.Moment end, Map<String, Double> figures) {
        var connects = open.receivedSince(before);
        var seconds = open.reading().secondsSince(before.reading());
        if (end.reading().broker().isPresent()) {
            figures.put(
                    "idlePercentOfProcessor",
                    PERCENT
                            * cpu(idle, end).toNanos()
                            / (end.reading().nanos() - idle.reading().nanos()));
        }
        return new Result(
                parameters,
                connects,
                connects,
                0,
                0,
                0,
                open.counts().latencies().spread(),
                open.reading().brokerMicrosEach(before.reading(), connects),
                end.reading().brokerMegabytes(),
                open.reading().ownMicrosEach(before.reading(), connects),
                seconds,
                figures,
                end.counts().failures(0));
    }

    private static Duration cpu(Watch.Moment from, Watch.Moment to) {
        return to.reading()
                .broker()
                .orElseThrow()
                .cpu()
                .minus(from.reading().broker().orElseThrow().cpu());
    }
}
