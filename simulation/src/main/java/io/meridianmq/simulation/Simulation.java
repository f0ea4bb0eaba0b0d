package io.meridianmq.simulation;

import com.google.common.base.Throwables;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.InterestEntries;
import io.meridianmq.core.link.LaneKey;
import io.meridianmq.core.place.Neighbourhood;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.PublisherHash;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.slot.SlotTable;
import io.meridianmq.topic.TopicFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * One run of a whole platform from a seed.
 *
 * <p>The run has five parts: everybody starts; sessions come and go and publish while links are cut and components are
 * killed; everything heals and comes to rest; sessions stay and publish while links are cut and gateways are killed;
 * everything heals, and what must always hold is checked against what was seen.
 */
public final class Simulation {

    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    private static final long TICK_NANOS = 10 * MILLI;
    private static final long LEASE_NANOS = 6 * SECOND;
    private static final double LOSS_RATE = 0.002;
    private static final int PUBLISHERS = 20;

    private static final List<String> TOPICS = List.of(
            "plant/1/temp",
            "plant/2/temp",
            "plant/2/state",
            "a/b/c",
            "a/b",
            "x",
            "/lead",
            "$internal/x",
            "device/us-east/a/k1",
            "device/us-east/b/k1/temp",
            "device/eu-west/a/k2",
            "region/us-east/news",
            "region/eu-west/zone/b/news");

    private static final List<String> FILTERS = List.of(
            "plant/1/temp",
            "plant/2/temp",
            "a/b/c",
            "x",
            "/lead",
            "$internal/x",
            "device/us-east/a/k1",
            "device/eu-west/a/k2",
            "plant/+/temp",
            "plant/#",
            "#",
            "+/b/c",
            "a/+/c",
            "a/b/+",
            "+",
            "/+",
            "$internal/#",
            "device/us-east/a/#",
            "device/us-east/+/k1/#",
            "device/+/+/k1",
            "region/us-east/#",
            "region/eu-west/zone/b/#",
            "device/eu-west/#",
            "$share/g1/plant/#",
            "$share/g2/a/b/c",
            "$share/g1/+/+/temp");

    private final long seed;
    private final Shape shape;
    private final PlantedBug bug;
    private final Random random;
    private final Random disks;
    private final Schedule schedule = new Schedule();
    private final Network network;
    private final Ledger ledger = new Ledger(schedule);

    private final TreeMap<Place, Long> alive = new TreeMap<>();
    private final TreeMap<Place, SimulatedNode> nodes = new TreeMap<>();
    private final TreeMap<Place, SimulatedGateway> gateways = new TreeMap<>();
    private final List<Subscriber> subscribers = new ArrayList<>();
    private final Map<LaneKey, Long> sentOnLanes = new HashMap<>();
    private Optional<Place> bystander = Optional.empty();
    /**
     * Nothing is published at the bystander: it was killed and may not know yet what others want, or it is alone in its
     * zone, so that what it acknowledges is in the care of one.
     */
    private boolean isBystanderSilent;

    private boolean isChurning;
    private long revision;
    private long nextBoot = 1;
    private long suppressed;
    private long subscriptions;
    private int cuts;
    private int restarts;

    private Simulation(long seed, Shape shape, PlantedBug bug) {
        this.seed = seed;
        this.shape = shape;
        this.bug = bug;
        this.random = new Random(seed);
        this.disks = new Random(~seed);
        this.network = new Network(schedule, random, LOSS_RATE, this::sabotage);
    }

    /** Runs one seed. The same arguments always give the same result. */
    public static Result run(long seed, Shape shape, PlantedBug bug) {
        return new Simulation(seed, shape, bug).run();
    }

    private Result run() {
        try {
            play();
        } catch (Network.FloodException flood) {
            return result(List.of(new Violation("bounded", String.valueOf(flood.getMessage()))));
        } catch (RuntimeException | AssertionError broken) {
            return result(List.of(new Violation("no-exception", Throwables.getStackTraceAsString(broken))));
        }
        return result(violations());
    }

    private void play() {
        for (var place : shape.places()) {
            start(place);
        }
        showViews();
        everybodyTicks();
        schedule.run(2 * SECOND);

        isChurning = true;
        churn(10 * SECOND);
        isChurning = false;
        schedule.run(45 * SECOND);

        standBy();
        schedule.run(10 * SECOND);

        ledger.startExact();
        publishOnly(5 * SECOND);
        schedule.run(45 * SECOND);
    }

    // ---- What happens

    private void churn(long nanos) {
        var end = schedule.nowNanos() + nanos;
        while (schedule.nowNanos() < end) {
            schedule.run((long) (random.nextDouble() * 60 * MILLI));
            var dice = random.nextInt(100);
            if (dice < 25) {
                subscribe();
            } else if (dice < 35 && !subscribers.isEmpty()) {
                unsubscribe(subscribers.get(random.nextInt(subscribers.size())));
            } else if (dice < 93) {
                publish();
            } else if (dice < 98) {
                cutSomeLink();
            } else if (random.nextInt(3) == 0) {
                restart(any(new ArrayList<>(alive.keySet())), 2 * LEASE_NANOS);
            } else {
                moveSlots();
            }
        }
    }

    private void publishOnly(long nanos) {
        var end = schedule.nowNanos() + nanos;
        while (schedule.nowNanos() < end) {
            schedule.run((long) (random.nextDouble() * 30 * MILLI));
            var dice = random.nextInt(100);
            if (dice < 90) {
                publish();
            } else if (dice < 98) {
                cutSomeLink();
            } else if (random.nextInt(6) == 0
                    && bystander.filter(nodes::containsKey).isPresent()) {
                ledger.crashed(bystander.get());
                isBystanderSilent = true;
                restart(bystander.get(), 2 * LEASE_NANOS);
            } else if (random.nextInt(3) == 0 && !gateways.isEmpty()) {
                restart(any(new ArrayList<>(gateways.keySet())), LEASE_NANOS);
            } else {
                moveSlots();
            }
        }
    }

    /** One node loses its subscribers: it relays, lands and publishes from here on, so that it may be killed without a loss. */
    private void standBy() {
        var node = any(new ArrayList<>(nodes.values()));
        bystander = Optional.of(node.place());
        isBystanderSilent = shape.nodes() == 1;
        for (var subscriber : List.copyOf(subscribers)) {
            if (subscriber.node().equals(node.place())) {
                unsubscribe(subscriber);
            }
        }
    }

    /** Slots of a zone go to other nodes, and everybody there hears of it at another time. */
    private void moveSlots() {
        var zones = shape.places().stream()
                .filter(place -> place.level() == Place.Level.ZONE)
                .toList();
        var zone = any(zones);
        revision++;
        var moved = Shape.slotsOf(zone, revision, alive, random.nextInt(shape.nodes()));
        for (var place : alive.keySet()) {
            if (zone.contains(place)) {
                schedule.after(random.nextLong(SECOND), () -> showSlots(place, moved));
            }
        }
    }

    private void subscribe() {
        if (nodes.isEmpty() || subscribers.size() >= 60) {
            return;
        }
        var node = any(new ArrayList<>(nodes.values()));
        var filter = TopicFilter.of(any(FILTERS));
        subscriptions++;
        var subscriber = node.subscribe(filter, !filter.isShared() && subscriptions % 2 == 0, ledger::subscribed);
        subscribers.add(subscriber);
    }

    private void unsubscribe(Subscriber subscriber) {
        subscribers.remove(subscriber);
        ledger.ended(subscriber);
        Optional.ofNullable(nodes.get(subscriber.node())).ifPresent(node -> node.unsubscribe(subscriber));
    }

    private void publish() {
        if (nodes.isEmpty()) {
            return;
        }
        var candidates = new ArrayList<>(nodes.values());
        candidates.removeIf(node ->
                isBystanderSilent && bystander.filter(node.place()::equals).isPresent());
        var node = any(candidates);
        var qos = Qos.of(random.nextInt(3));
        ledger.published(node, any(TOPICS), qos, PublisherHash.of("publisher-" + random.nextInt(PUBLISHERS)));
    }

    private void cutSomeLink() {
        var places = new ArrayList<>(alive.keySet());
        var one = any(places);
        var neighbours = new ArrayList<>(Neighbourhood.of(one, Shape.viewOf(one, revision, alive)));
        if (neighbours.isEmpty()) {
            return;
        }
        cuts++;
        network.cut(one, any(neighbours), random.nextLong(2 * SECOND), random.nextLong(4 * SECOND));
    }

    private void start(Place place) {
        var boot = nextBoot++;
        alive.put(place, boot);
        switch (place.level()) {
            case NODE -> {
                var disk = new SimulatedDisk(schedule, disks, () -> isChurning);
                var tooEarly = bug == PlantedBug.ACCEPT_BEFORE_KEEPING;
                var node = new SimulatedNode(place, boot, schedule, network, disk, tooEarly, observer());
                subscribers.stream()
                        .filter(subscriber -> subscriber.node().equals(place))
                        .forEach(node::restore);
                node.open();
                nodes.put(place, node);
                network.attach(place, node);
            }
            case ZONE, REGION -> {
                var gateway = new SimulatedGateway(place, boot, schedule, network);
                gateways.put(place, gateway);
                network.attach(place, gateway);
            }
            case GLOBAL -> throw new IllegalArgumentException("global-control takes no part");
        }
    }

    /** Kills a component; it is back after a while, before or after its lease ends. */
    private void restart(Place place, long downNanosMax) {
        if (!nodes.containsKey(place) && !gateways.containsKey(place)) {
            return; // It is dead already, though its lease still lives.
        }
        restarts++;
        for (var other : alive.keySet()) {
            network.disconnect(place, other);
        }
        network.detach(place);
        gateways.remove(place);
        var downNanos = random.nextLong(downNanosMax);
        Optional.ofNullable(nodes.remove(place)).ifPresent(node -> {
            node.crash();
            endWith(place, true);
        });
        var boot = alive.get(place);
        schedule.after(LEASE_NANOS, () -> {
            if (alive.remove(place, boot)) {
                showViews();
            }
        });
        schedule.after(downNanos, () -> {
            start(place);
            showViews();
        });
    }

    /** @param isBackInTime whether a later start goes on with the durable subscribers that are known everywhere */
    private void endWith(Place node, boolean isBackInTime) {
        subscribers.removeIf(subscriber -> {
            var isGone = subscriber.node().equals(node)
                    && !(isBackInTime && subscriber.isDurable() && subscriber.isVisible());
            if (isGone) {
                ledger.ended(subscriber);
            }
            return isGone;
        });
    }

    private void showViews() {
        revision++;
        nodes.forEach((place, node) -> node.onView(Shape.viewOf(place, revision, alive)));
        gateways.forEach((place, gateway) -> gateway.onView(Shape.viewOf(place, revision, alive)));
        shape.places().stream()
                .filter(place -> place.level() == Place.Level.ZONE)
                .forEach(zone -> {
                    var slots = Shape.slotsOf(zone, revision, alive, 0);
                    alive.keySet().stream().filter(zone::contains).forEach(place -> showSlots(place, slots));
                });
        for (var place : alive.keySet()) {
            for (var neighbour : Neighbourhood.of(place, Shape.viewOf(place, revision, alive))) {
                network.connect(place, neighbour);
            }
        }
    }

    private void showSlots(Place place, SlotTable slots) {
        Optional.ofNullable(nodes.get(place)).ifPresent(node -> node.onSlots(slots));
        Optional.ofNullable(gateways.get(place)).ifPresent(gateway -> gateway.onSlots(slots));
    }

    private void everybodyTicks() {
        nodes.values().forEach(SimulatedNode::flush);
        gateways.values().forEach(SimulatedGateway::flush);
        schedule.after(TICK_NANOS, this::everybodyTicks);
    }

    private <T> T any(List<T> things) {
        return things.get(random.nextInt(things.size()));
    }

    // ---- Planted bugs

    private SimulatedNode.Observer observer() {
        return bug == PlantedBug.FORGET_SPLIT_HORIZON
                ? ledger.andThen((node, data) -> {
                    if (!data.lane().destination().equals(node.place())) {
                        node.republish(data.publication());
                    }
                })
                : ledger;
    }

    private Optional<Frame> sabotage(Place from, Place to, Frame frame) {
        return switch (bug) {
            case NONE, FORGET_SPLIT_HORIZON, ACCEPT_BEFORE_KEEPING -> Optional.of(frame);
            case DROP_A_RESEND ->
                frame instanceof Frame.LaneData data && isResendToDrop(from, data)
                        ? Optional.empty()
                        : Optional.of(frame);
            case SKIP_A_DELTA ->
                Optional.of(
                        frame instanceof Frame.InterestDelta delta && suppressed++ % 20 == 19
                                ? new Frame.InterestDelta(
                                        delta.key(),
                                        delta.fromVersion(),
                                        delta.toVersion(),
                                        InterestEntries.NONE,
                                        InterestEntries.NONE)
                                : frame);
        };
    }

    private boolean isResendToDrop(Place from, Frame.LaneData data) {
        if (!from.equals(data.lane().source())) {
            return false;
        }
        var highest = sentOnLanes.merge(data.lane(), data.number(), Math::max);
        return data.number() < highest && data.number() % 3 == 0;
    }

    // ---- What must hold

    /** Of a run that came to its end: one that was stopped has not had the time to make good. */
    private List<Violation> violations() {
        var violations = new ArrayList<Violation>();
        ledger.check(subscribers, violations);
        nodes.forEach((place, node) -> {
            var figures = node.figures();
            if (figures.laneFrames() != 0 || figures.laneUnkept() != 0 || node.waitingPublishes() != 0) {
                violations.add(new Violation(
                        "no-leak",
                        place + " still has " + figures.laneFrames() + " publications in lanes, " + figures.laneUnkept()
                                + " that are not kept, and "
                                + node.waitingPublishes() + " publishers waiting"));
            }
            if (!node.notCurrent().isEmpty()) {
                violations.add(new Violation("no-miss", place + " does not know what " + node.notCurrent() + " want"));
            }
        });
        gateways.forEach((place, gateway) -> {
            var figures = gateway.figures();
            if (figures.backwards() != 0 || figures.tooFar() != 0) {
                violations.add(new Violation(
                        "split-horizon",
                        place + " dropped " + figures.backwards() + " frames on their way back and " + figures.tooFar()
                                + " over the hop limit"));
            }
        });
        return violations;
    }

    private Result result(List<Violation> violations) {
        return new Result(
                seed,
                violations,
                ledger.publishedCount(),
                ledger.deliveredCount(),
                network.framesSent(),
                network.framesLost(),
                nodes.values().stream()
                        .mapToLong(node -> node.figures().laneResends())
                        .sum(),
                cuts,
                restarts);
    }
}
