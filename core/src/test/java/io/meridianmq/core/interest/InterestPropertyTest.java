package io.meridianmq.core.interest;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.link.InterestKey;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.place.Reach;
import io.meridianmq.topic.TopicFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nodes tell a zone gateway what they want over links that break and lose frames; the gateway tells its region gateway
 * what the zone wants together.
 */
class InterestPropertyTest {

    private static final List<String> LEVELS = List.of("a", "b", "c");
    private static final List<Reach> REACHES = List.of(Reach.ZONE, Reach.REGION, Reach.GLOBAL);
    private static final int NODES = 3;

    /** A filter with its reach; shared ones have none that counts. */
    private record Wanted(TopicFilter filter, Reach reach) {}

    /** One node, its link to the gateway, and a naive record of what it wants. */
    private static final class Node {
        final Place place;
        long boot = 1;
        OwnInterest own;
        Wire wire;
        final Map<Wanted, Integer> counts = new HashMap<>();
        /** The version from which on each filter has been wanted without a break. */
        final Map<Wanted, Long> since = new HashMap<>();

        Node(Place place, InterestTable table) {
            this.place = place;
            this.own = new OwnInterest(new InterestKey(place, boot));
            this.wire = new Wire(own, table);
        }

        void add(Wanted wanted) {
            if (wanted.filter.isShared()) {
                own.join(wanted.filter, wanted.reach == Reach.GLOBAL);
            } else {
                own.add(wanted.filter, wanted.reach);
            }
            counts.merge(wanted, 1, Integer::sum);
            since.putIfAbsent(wanted, own.version());
        }

        void remove(Wanted wanted) {
            if (wanted.filter.isShared()) {
                own.leave(wanted.filter, wanted.reach == Reach.GLOBAL);
            } else {
                own.remove(wanted.filter, wanted.reach);
            }
            if (counts.merge(wanted, -1, Integer::sum) == 0) {
                counts.remove(wanted);
                since.remove(wanted);
            }
        }

        /** The process dies with everything it wanted, and comes back with a higher boot. */
        void restart(long nowNanos) {
            own = new OwnInterest(new InterestKey(place, ++boot));
            counts.clear();
            since.clear();
            var sameSink = wire.sink;
            if (wire.up) {
                wire.cut();
            }
            wire = new Wire(own, sameSink);
            wire.nowNanos = nowNanos;
        }
    }

    private final OwnInterest union = new OwnInterest(new InterestKey(Place.zone("r", "z"), 1));
    private final InterestTable zone = new InterestTable(Reach.REGION, new InterestUnion(union));
    private final InterestTable region =
            new InterestTable(Reach.GLOBAL, new InterestUnion(new OwnInterest(new InterestKey(Place.region("r"), 1))));
    private final Wire upward = new Wire(union, region);
    private final List<Node> nodes = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void tableEqualsTheModelWhenQuietAndMissesNothingThatWasAcknowledged(long fallback) {
        var seed = Seeds.orElse(fallback);
        var random = new Random(seed);
        for (var i = 0; i < NODES; i++) {
            nodes.add(new Node(Place.node("r", "z", "n" + i), zone));
        }
        try {
            for (var episode = 0; episode < 12; episode++) {
                for (var step = 0; step < 800; step++) {
                    step(random, episode % 3 == 2 ? 0.05 : 0);
                    if (step % 10 == 0) {
                        checkAcknowledged(random);
                    }
                }
                quiet();
                checkEqual();
            }
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(Seeds.message(seed), e);
        }
    }

    private void step(Random random, double lossShare) {
        var node = nodes.get(random.nextInt(NODES));
        switch (random.nextInt(20)) {
            case 0 -> breakOrConnect(random, node.wire);
            case 1 -> breakOrConnect(random, upward);
            case 2 -> burst(random, node);
            case 3, 4, 5, 6, 7 -> node.add(randomWanted(random));
            case 8, 9, 10, 11 ->
                node.counts.keySet().stream()
                        .skip(random.nextInt(node.counts.size() + 1))
                        .findFirst()
                        .ifPresent(node::remove);
            case 12, 13 -> tick(random.nextInt(200));
            case 14 -> zone.upkeep(random.nextInt(1_000));
            default -> {
                if (random.nextInt(500) == 0) {
                    node.restart(node.wire.nowNanos);
                }
                deliver(random, node.wire, lossShare);
                deliver(random, upward, lossShare);
            }
        }
    }

    private static void breakOrConnect(Random random, Wire wire) {
        if (!wire.up) {
            wire.connect();
        } else if (random.nextInt(4) == 0) {
            wire.cut();
        }
    }

    /** More changes than the log holds, once in a while. */
    private static void burst(Random random, Node node) {
        if (random.nextInt(60) != 0) {
            return;
        }
        var base = random.nextLong();
        for (var i = 0; i < ChangeLog.CHANGES_MAX; i++) {
            node.own.addLiteral(Checksums.mix(base + i), Reach.ZONE);
        }
        for (var i = 0; i < ChangeLog.CHANGES_MAX; i++) {
            if (i % 16 != 0) {
                node.own.removeLiteral(Checksums.mix(base + i), Reach.ZONE);
            }
        }
    }

    private static void deliver(Random random, Wire wire, double lossShare) {
        if (!wire.up) {
            return;
        }
        wire.flush();
        for (var frames = random.nextInt(6); frames > 0; frames--) {
            if (random.nextDouble() < lossShare) {
                (random.nextBoolean() ? wire.toSink : wire.toSource).poll();
            } else if (random.nextBoolean()) {
                wire.deliverToSink();
            } else {
                wire.deliverToSource();
            }
        }
    }

    private void tick(long millis) {
        nodes.forEach(node -> node.wire.tick(millis));
        upward.tick(millis);
    }

    private void quiet() {
        nodes.forEach(node -> {
            if (!node.wire.up) {
                node.wire.connect();
            }
        });
        if (!upward.up) {
            upward.connect();
        }
        for (var i = 0; i < 350; i++) {
            tick(100);
            nodes.forEach(node -> node.wire.settle());
            zone.upkeep(30);
            region.upkeep(30);
            upward.settle();
        }
    }

    private void checkAcknowledged(Random random) {
        var topic = randomTopic(random);
        var found = new Matches(zone).places(topic);
        for (var node : nodes) {
            node.since.forEach((wanted, version) -> {
                if (version <= node.wire.source.acknowledgedVersion()
                        && !wanted.filter.isShared()
                        && wanted.filter.matches(topic)) {
                    assertThat(found)
                            .as("%s is acknowledged, topic %s", wanted, topic)
                            .contains(node.place);
                }
            });
        }
    }

    private void checkEqual() {
        for (var node : nodes) {
            assertThat(node.wire.sink.isCurrent()).isTrue();
            assertThat(node.wire.sink.version()).isEqualTo(node.own.version());
            assertThat(node.wire.source.acknowledgedVersion()).isEqualTo(node.own.version());
            assertThat(zone.installed(zone.register(node.place)).checksum).isEqualTo(node.own.checksum());
        }
        assertThat(upward.sink.isCurrent()).isTrue();
        assertThat(upward.sink.version()).isEqualTo(union.version());
        assertThat(zone.damages()).isZero();
        var inZone = new Matches(zone);
        var inRegion = new Matches(region);
        for (var topic : topics()) {
            assertThat(inZone.places(topic)).as(topic).isEqualTo(expectedPlaces(topic));
            assertThat(inZone.groups(topic)).as(topic).isEqualTo(expectedGroups(topic));
            assertThat(!inRegion.places(topic).isEmpty()).as(topic).isEqualTo(leavesZone(topic));
            assertThat(inRegion.groups(topic).isEmpty())
                    .as(topic)
                    .isEqualTo(expectedGroups(topic).isEmpty());
        }
    }

    private Set<Place> expectedPlaces(String topic) {
        var places = new TreeSet<Place>();
        for (var node : nodes) {
            for (var wanted : node.counts.keySet()) {
                if (!wanted.filter.isShared() && wanted.filter.matches(topic)) {
                    places.add(node.place);
                }
            }
        }
        return places;
    }

    private Set<String> expectedGroups(String topic) {
        var lines = new TreeSet<String>();
        for (var node : nodes) {
            for (var wanted : node.counts.keySet()) {
                if (wanted.filter.isShared() && wanted.filter.matches(topic)) {
                    var online = node.counts.containsKey(new Wanted(wanted.filter, Reach.GLOBAL));
                    lines.add(node.place + " " + wanted.filter.group().orElseThrow() + " " + wanted.filter.filter()
                            + (online ? " online" : " offline"));
                }
            }
        }
        return lines;
    }

    private boolean leavesZone(String topic) {
        return nodes.stream()
                .flatMap(node -> node.counts.keySet().stream())
                .anyMatch(wanted ->
                        !wanted.filter.isShared() && wanted.reach.covers(Reach.REGION) && wanted.filter.matches(topic));
    }

    private static Wanted randomWanted(Random random) {
        var filter = new StringBuilder(random.nextInt(8) == 0 ? "$share/g" + random.nextInt(2) + "/" : "");
        var levels = 1 + random.nextInt(3);
        for (var level = 0; level < levels; level++) {
            filter.append(level == 0 ? "" : "/")
                    .append(random.nextInt(4) == 0 ? "+" : LEVELS.get(random.nextInt(LEVELS.size())));
        }
        if (random.nextInt(4) == 0) {
            filter.append("/#");
        }
        var parsed = TopicFilter.of(filter.toString());
        // For a shared filter the reach stands for the presence of the member.
        var reach = parsed.isShared() && random.nextBoolean() ? Reach.ZONE : REACHES.get(random.nextInt(3));
        return new Wanted(parsed, parsed.isShared() && reach != Reach.GLOBAL ? Reach.ZONE : reach);
    }

    private static String randomTopic(Random random) {
        var topics = topics();
        return topics.get(random.nextInt(topics.size()));
    }

    private static List<String> topics() {
        var topics = new ArrayList<String>();
        for (var first : LEVELS) {
            topics.add(first);
            for (var second : LEVELS) {
                topics.add(first + "/" + second);
                LEVELS.forEach(third -> topics.add(first + "/" + second + "/" + third));
            }
        }
        return topics;
    }
}
