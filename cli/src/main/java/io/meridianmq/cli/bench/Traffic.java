package io.meridianmq.cli.bench;

import io.meridianmq.cli.bench.wire.LocalAddresses;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * The publishers and subscribers of a {@link Layout}, on their loops. They are spread over the loops in turn, so that a
 * pair is together; the members of a group are all on the first.
 *
 * <p>Belongs to the thread that makes it, which asks the loops for whatever is theirs.
 */
final class Traffic implements AutoCloseable {

    private static final int TICK_MILLIS = 500;
    private static final int PROBE_MILLIS = 20;
    private static final int PROBES_MAX = 1_500;

    private final Parameters parameters;
    private final List<Worker> workers;
    private final List<Publisher> publishers = new ArrayList<>();
    private final List<Subscriber> subscribers = new ArrayList<>();
    private final Map<Integer, Audience> groups = new HashMap<>();
    private final Map<CreditKey, Credit> credits = new HashMap<>();
    private final List<Runnable> stops = new ArrayList<>();

    private record CreditKey(Worker worker, int publisher) {}

    Traffic(Layout layout, Parameters parameters) {
        this.parameters = parameters;
        this.workers = Worker.start(parameters);
        layout.speakers().forEach(this::add);
        layout.hearers().forEach(this::add);
    }

    private void add(Layout.Speaker speaker) {
        var number = publishers.size();
        var worker = workers.get(number % workers.size());
        var publisher = new Publisher(worker, number, speaker, parameters);
        publishers.add(publisher);
        worker.publishers().add(publisher);
    }

    private void add(Layout.Hearer hearer) {
        var number = subscribers.size();
        var isInGroup = hearer.group() != Layout.NO_GROUP;
        var worker = workers.get(isInGroup ? 0 : number % workers.size());
        var audience = isInGroup
                ? groups.computeIfAbsent(hearer.group(), _ -> audience(worker, hearer))
                : audience(worker, hearer);
        subscribers.add(new Subscriber(worker, number, hearer, audience, parameters));
    }

    private Audience audience(Worker worker, Layout.Hearer hearer) {
        if (!hearer.isReading()) {
            return new Audience(hearer.first(), hearer.publishers(), List.of());
        }
        var heard = parameters.isClosedLoop()
                ? IntStream.range(hearer.first(), hearer.first() + hearer.publishers())
                        .mapToObj(publisher -> credit(worker, publisher))
                        .toList()
                : List.<Credit>of();
        heard.forEach(Credit::addCopy);
        var audience = new Audience(hearer.first(), hearer.publishers(), heard);
        worker.audiences().add(audience);
        return audience;
    }

    private Credit credit(Worker worker, int number) {
        return credits.computeIfAbsent(new CreditKey(worker, number), _ -> {
            var publisher = publishers.get(number);
            var credit = new Credit(worker, publisher, parameters.window());
            publisher.add(credit);
            return credit;
        });
    }

    List<Worker> workers() {
        return workers;
    }

    /**
     * Connects and subscribes everybody, subscribers first.
     *
     * @throws BenchFailedException if one cannot be
     */
    void open() throws InterruptedException {
        var subscribing = new HashMap<Worker, List<Runnable>>();
        for (var number = 0; number < subscribers.size(); number++) {
            var subscriber = subscribers.get(number);
            var broker = subscriber.hearer().isSecond() ? parameters.second() : parameters.broker();
            var local = new LocalAddresses(broker, subscribers.size()).of(number);
            var worker = subscriber.worker();
            subscribing
                    .computeIfAbsent(worker, _ -> new ArrayList<>())
                    .add(() -> worker.loop().open(subscriber.connection(), broker, local));
        }
        open(subscribing);
        var publishing = new HashMap<Worker, List<Runnable>>();
        for (var number = 0; number < publishers.size(); number++) {
            var publisher = publishers.get(number);
            var local = new LocalAddresses(parameters.broker(), publishers.size()).of(number);
            var worker = publisher.worker();
            publishing
                    .computeIfAbsent(worker, _ -> new ArrayList<>())
                    .add(() -> worker.loop().open(publisher.connection(), parameters.broker(), local));
        }
        open(publishing);
    }

    private void open(Map<Worker, List<Runnable>> attempts) throws InterruptedException {
        attempts.forEach((worker, openings) -> worker.run(() -> worker.opener().open(openings)));
        Opener.await(attempts.keySet().stream().map(Worker::opener).toList(), parameters.broker());
    }

    /**
     * Publishes until every subscriber has heard something: between brokers a subscription takes its time to be known.
     *
     * @throws BenchFailedException if one hears nothing
     */
    void awaitReach() throws InterruptedException {
        for (var count = 0; count < PROBES_MAX; count++) {
            for (var worker : workers) {
                worker.run(() -> worker.publishers().forEach(Publisher::probe));
            }
            Thread.sleep(PROBE_MILLIS);
            if (subscribers.stream()
                    .allMatch(each -> each.worker().ask(each::hasHeardProbe).join())) {
                // Those that are still on their way count for nothing, but they should not be measured either.
                Thread.sleep(PROBE_MILLIS);
                return;
            }
        }
        throw new BenchFailedException("messages from " + parameters.broker() + " do not reach all subscribers at "
                + parameters.second() + ": are both of one platform?");
    }

    /** Everybody begins to publish. */
    void start() {
        for (var worker : workers) {
            if (parameters.isClosedLoop()) {
                worker.run(() -> worker.publishers().forEach(Publisher::start));
                worker.run(() -> {
                    var _ = worker.loop()
                            .executor()
                            .scheduleAtFixedRate(() -> tick(worker), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
                });
            } else if (!worker.publishers().isEmpty()) {
                var share = worker.publishers().size() / (double) publishers.size();
                var timetable = new Timetable(System.nanoTime(), parameters.rate() * share);
                var pacer = new Pacer(worker.loop().executor(), worker.publishers(), timetable);
                worker.run(pacer::start);
                stops.add(() -> worker.run(pacer::stop));
            }
        }
    }

    private static void tick(Worker worker) {
        var nowNanos = System.nanoTime();
        worker.publishers().forEach(publisher -> publisher.tick(nowNanos));
    }

    /** Nobody publishes any more; what is on its way arrives. */
    void stop() {
        for (var worker : workers) {
            worker.run(() -> worker.publishers().forEach(Publisher::stop));
        }
        stops.forEach(Runnable::run);
    }

    /** What all loops have counted. */
    Counts counts() {
        return Worker.counts(workers);
    }

    void forgetLatencies() {
        Worker.forgetLatencies(workers);
    }

    /** Whether every publisher has sent all that it may. */
    boolean isDone() {
        return workers.stream()
                .allMatch(
                        worker -> worker.ask(() -> worker.publishers().stream().allMatch(Publisher::isDone))
                                .join());
    }

    /** How many messages have not come, of those that were sent, summed over everybody who should get them. */
    long missing() {
        var sent = publishers.stream().map(publisher -> publisher.worker().ask(publisher::sent)).toList().stream()
                .map(CompletableFuture::join)
                .toList();
        return workers.stream()
                .mapToLong(worker -> worker.ask(() -> worker.audiences().stream()
                                .mapToLong(audience -> audience.missing(sent))
                                .sum())
                        .join())
                .sum();
    }

    /** Ends all connections in order, and the loops. */
    @Override
    public void close() {
        for (var worker : workers) {
            worker.run(
                    () -> worker.publishers().forEach(each -> each.connection().close()));
        }
        subscribers.forEach(each -> each.worker().run(each.connection()::close));
        workers.forEach(worker -> worker.loop().close());
    }
}
