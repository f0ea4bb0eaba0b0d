package io.meridianmq.cli.load;

import io.meridianmq.cli.load.Figures.Phase;
import io.meridianmq.cli.load.account.Ledger;
import io.meridianmq.cli.load.account.Totals;
import io.meridianmq.cli.load.mqtt.Client;
import io.meridianmq.cli.load.mqtt.Network;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One run of a fleet, from the first connection to the last account: watchers and commanders connect, then devices, paced;
 * when all are there and were heard everywhere, messages are published until the time is over or somebody stops it; then what is on its way is waited
 * for, and everything ends.
 *
 * <p>All of it happens on the event loop of its network; {@link #start}, {@link #stop}, {@link #figures} and
 * {@link #ended} may be called by any thread.
 */
final class FleetRun implements AutoCloseable {

    private static final long TICK_NANOS = 1_000_000;
    private static final long CLIENTS_TICK_NANOS = 100_000_000;
    private static final long SETTLE_NANOS = 200_000_000;

    /** How long the fleet has to connect; whoever is not there then joins later. */
    private static final long CONNECT_WITHIN_NANOS = 30_000_000_000L;

    /** How long devices greet at most; what some watcher does not hear then will count as lost. */
    private static final long REHEARSE_WITHIN_NANOS = 30_000_000_000L;

    /** How long after the grace time a watcher that hears nothing is waited for: its keep-alive, one and a half times. */
    private static final long SILENCE_NANOS = 6_500_000_000L;

    private static final long EFFECTIVE_NANOS = Ledger.EFFECTIVE_MILLIS * 1_000_000;

    private final FleetSettings settings;
    private final Network network = new Network();
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final Instruments instruments;
    private final List<Device> devices = new ArrayList<>();
    private final List<Watcher> watchers = new ArrayList<>();
    private final List<Commander> commanders = new ArrayList<>();
    private final CompletableFuture<Figures> ended = new CompletableFuture<>();

    // All of these belong to the event loop.
    private Phase phase = Phase.CONNECTING;
    private Schedule connects;
    private Schedule greetings;
    private Schedule readings;
    private Schedule commands;
    private long phaseSinceNanos;
    private long publishingSinceNanos;
    private long publishingUntilNanos;
    private long nextClientsTickNanos;
    private long nextSettleNanos;
    private long lateNanos;
    private long lastFiguresNanos;
    private Totals lastTotals;

    /** Prepares the clients; none connects before {@link #start}. */
    FleetRun(FleetSettings settings) {
        this.settings = settings;
        var regions = settings.endpoints().stream().map(Endpoint::region).toList();
        var now = System.nanoTime();
        this.instruments = new Instruments(
                new RunClock(now, Instant.now()),
                new Ledger(settings.devices(), regions, settings.grace().toMillis()),
                new Latency(),
                new Latency(),
                new Commands(settings.grace().toNanos()),
                new Rehearsal(
                        settings.devices(),
                        regions.size(),
                        settings.mix().highest() > 0,
                        settings.commandRate() > 0,
                        now),
                new Troubles());
        this.connects = new Schedule(settings.connectRate(), now);
        this.greetings = new Schedule(0, now);
        this.readings = new Schedule(0, now);
        this.commands = new Schedule(0, now);
        this.lastTotals = instruments.ledger().totals();
        this.lastFiguresNanos = now;
        createClients();
    }

    private void createClients() {
        var devicesByTopic = new HashMap<String, Integer>();
        var regionsOfDevices = new ArrayList<String>();
        for (var number = 0; number < settings.devices(); number++) {
            var endpoint = settings.endpointOf(number);
            devices.add(new Device(
                    number, endpoint.region(), endpoint.socketAddress(), settings, network, instruments, random));
            var name = Device.nameOf(endpoint.region(), number);
            devicesByTopic.put(settings.topics().telemetry(endpoint.region(), name), number);
            devicesByTopic.put(settings.topics().hello(endpoint.region(), name), number);
            regionsOfDevices.add(endpoint.region());
        }
        for (var endpoint : settings.endpoints()) {
            watchers.add(new Watcher(
                    watchers.size(),
                    endpoint,
                    devicesByTopic,
                    regionsOfDevices,
                    settings,
                    network,
                    instruments,
                    random));
            commanders.add(new Commander(endpoint, settings, network, instruments, random));
        }
    }

    /** Begins. */
    void start() {
        network.loop().execute(() -> {
            var now = System.nanoTime();
            phaseSinceNanos = now;
            connects = new Schedule(settings.connectRate(), now);
            observers().forEach(client -> client.start(now));
            tick(now);
        });
    }

    /** Ends it before its time: what is on its way still counts. */
    void stop() {
        network.loop().execute(() -> {
            var now = System.nanoTime();
            switch (phase) {
                case CONNECTING, REHEARSING -> end(now);
                case PUBLISHING -> enter(Phase.SETTLING, now);
                case SETTLING, ENDED -> {}
            }
        });
    }

    /** The fleet as it is; rates and latencies are since the last call. */
    Figures figures() throws InterruptedException {
        try {
            return network.loop().submit(() -> figures(System.nanoTime())).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the figures could not be made", e.getCause());
        }
    }

    /**
     * The end, with the final account.
     *
     * @return fails with {@link FleetFailedException} if it could not begin to publish
     */
    CompletableFuture<Figures> ended() {
        return ended;
    }

    RunClock clock() {
        return instruments.clock();
    }

    /** Only once it has {@link #ended}. */
    Spread inRegion() {
        return instruments.inRegion().all();
    }

    /** Only once it has {@link #ended}. */
    Spread acrossRegions() {
        return instruments.acrossRegions().all();
    }

    /** Only once it has {@link #ended}. */
    Spread roundTrip() {
        return instruments.commands().roundTrip().all();
    }

    @Override
    public void close() {
        network.close();
    }

    private void tick(long now) {
        switch (phase) {
            case CONNECTING -> connect(now);
            case REHEARSING -> rehearse(now);
            case PUBLISHING -> publish(now);
            case SETTLING -> {}
            case ENDED -> {
                return;
            }
        }
        if (now - nextClientsTickNanos >= 0) {
            nextClientsTickNanos = now + CLIENTS_TICK_NANOS;
            clients().forEach(client -> client.tick(now));
        }
        if (now - nextSettleNanos >= 0) {
            nextSettleNanos = now + SETTLE_NANOS;
            instruments.ledger().settle(instruments.clock().millis(now));
            instruments.commands().settle(now);
            if (phase == Phase.SETTLING && isSettled(now)) {
                end(now);
                return;
            }
        }
        var next = now + TICK_NANOS;
        var _ = network.loop().schedule(() -> tick(System.nanoTime()), next - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private void connect(long now) {
        while (connects.taken() < devices.size() && connects.isDue(now)) {
            devices.get((int) connects.taken()).client().start(now);
            connects.take();
        }
        var areDevicesStarted = connects.taken() == devices.size();
        var isTimeOver = now - connects.nextNanos() >= CONNECT_WITHIN_NANOS;
        if (areDevicesStarted && observers().allMatch(Client::isReady)) {
            var ready =
                    devices.stream().filter(device -> device.client().isReady()).count();
            if (ready == devices.size() || (isTimeOver && ready > 0)) {
                enter(Phase.REHEARSING, now);
                greetings = new Schedule(settings.connectRate(), now);
                return;
            }
        }
        if (areDevicesStarted && isTimeOver) {
            fail(now);
        }
    }

    /** Devices greet, and are greeted, at the pace at which they connect. */
    private void rehearse(long now) {
        while (greetings.isDue(now)) {
            greetings.take();
            instruments.rehearsal().next(now).ifPresent(number -> {
                var device = devices.get(number);
                device.greet(settings.mix().highest(), now);
                commanderElsewhere(device).greet(device, number, now);
            });
        }
        if (instruments.rehearsal().missing() == 0) {
            beginToPublish(now);
        } else if (now - phaseSinceNanos >= REHEARSE_WITHIN_NANOS) {
            instruments.troubles().notHeard(instruments.rehearsal().missing());
            beginToPublish(now);
        }
    }

    /** That of the region after the device's, which is the same if there is one region only. */
    private Commander commanderElsewhere(Device device) {
        var index = 0;
        while (!commanders.get(index).region().equals(device.region())) {
            index++;
        }
        return commanders.get((index + 1) % commanders.size());
    }

    private void beginToPublish(long now) {
        enter(Phase.PUBLISHING, now);
        readings = new Schedule(settings.rate(), now);
        commands = new Schedule(settings.commandRate(), now);
        publishingSinceNanos = now;
        publishingUntilNanos = now + settings.duration().toNanos();
    }

    private void publish(long now) {
        while (readings.isDue(now) && readings.nextNanos() - publishingUntilNanos < 0) {
            var due = readings.nextNanos();
            lateNanos = Math.max(lateNanos, now - due);
            var device = (int) (readings.taken() % devices.size());
            devices.get(device).publish(settings.mix().of(readings.taken()), due, now);
            readings.take();
        }
        while (commands.isDue(now) && commands.nextNanos() - publishingUntilNanos < 0) {
            command(commands.nextNanos(), now);
            commands.take();
        }
        if (now - publishingUntilNanos >= 0) {
            enter(Phase.SETTLING, now);
        }
    }

    /**
     * From each region in turn to a device of another one, if there is another one, whose subscription is known there: it
     * was when the run began, or has existed for a while.
     */
    private void command(long due, long now) {
        var commander = commanders.get((int) (commands.taken() % commanders.size()));
        var since = now - Math.min(EFFECTIVE_NANOS, now - publishingSinceNanos);
        var number = random.nextInt(devices.size());
        for (var tries = 0; tries < devices.size(); tries++) {
            var device = devices.get(number);
            var isElsewhere = commanders.size() == 1 || !device.region().equals(commander.region());
            if (isElsewhere && device.isReadySince(since) && commander.isReadySince(since)) {
                commander.command(device, number, due, now);
                return;
            }
            number = (number + 1) % devices.size();
        }
    }

    private boolean isSettled(long now) {
        var isQuiet = instruments.ledger().isSettled()
                && instruments.commands().isSettled()
                && devices.stream().allMatch(device -> device.client().isDone());
        return isQuiet || now - phaseSinceNanos >= settings.grace().toNanos() + SILENCE_NANOS;
    }

    private void end(long now) {
        instruments.commands().settle(now);
        instruments.ledger().close(instruments.clock().millis(now));
        enter(Phase.ENDED, now);
        // Before the farewell: it shows who was connected.
        var last = figures(now);
        clients().forEach(client -> client.stop(now));
        ended.complete(last);
    }

    private void fail(long now) {
        var trouble = instruments.troubles().last().orElse("nobody answers");
        enter(Phase.ENDED, now);
        clients().forEach(client -> client.stop(now));
        ended.completeExceptionally(new FleetFailedException("the fleet could not connect: " + trouble));
    }

    private void enter(Phase next, long now) {
        if (phase == Phase.PUBLISHING) {
            publishingUntilNanos = now;
        }
        phase = next;
        phaseSinceNanos = now;
    }

    private Figures figures(long now) {
        var totals = instruments.ledger().totals();
        var seconds = Math.max(now - lastFiguresNanos, 1) / 1e9;
        var before = lastTotals;
        lastTotals = totals;
        lastFiguresNanos = now;
        var late = lateNanos;
        lateNanos = 0;
        var connected = (int)
                devices.stream().filter(device -> device.client().isReady()).count();
        return new Figures(
                phase,
                publishedMillis(now),
                seconds,
                connected,
                (int) connects.taken() - connected,
                instruments.troubles().connectionsLost(),
                instruments.troubles().outages(),
                instruments.troubles().last(),
                (Figures.sent(totals) - Figures.sent(before)) / seconds,
                (Figures.acknowledged(totals) - Figures.acknowledged(before)) / seconds,
                IntStream.range(0, watchers.size())
                        .mapToObj(watcher ->
                                (Figures.received(totals, watcher) - Figures.received(before, watcher)) / seconds)
                        .toList(),
                instruments.inRegion().takeRecent(),
                instruments.acrossRegions().takeRecent(),
                instruments.commands().roundTrip().takeRecent(),
                late / 1e6,
                totals,
                instruments.commands().tally());
    }

    private long publishedMillis(long now) {
        return switch (phase) {
            case CONNECTING, REHEARSING -> 0;
            case PUBLISHING -> (now - publishingSinceNanos) / 1_000_000;
            case SETTLING, ENDED -> (publishingUntilNanos - publishingSinceNanos) / 1_000_000;
        };
    }

    private Stream<Client> observers() {
        return Stream.concat(
                watchers.stream().map(Watcher::client), commanders.stream().map(Commander::client));
    }

    private Stream<Client> clients() {
        return Stream.concat(observers(), devices.stream().map(Device::client));
    }
}
