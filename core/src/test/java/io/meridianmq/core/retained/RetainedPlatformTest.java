package io.meridianmq.core.retained;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.retained.RetainedPlatform.Seen;
import io.meridianmq.core.settings.CrossRegion;
import io.meridianmq.core.settings.PlatformSettings;
import io.meridianmq.core.slot.SlotHash;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What subscribers find, wherever they are, and whatever fails. */
class RetainedPlatformTest {

    private static final long SECOND = RetainedPlatform.SECOND;
    private static final Place A1 = Place.parse("r1/z1/n1");
    private static final Place A2 = Place.parse("r1/z1/n2");
    private static final Place A3 = Place.parse("r1/z1/n3");
    private static final Place B1 = Place.parse("r1/z2/n1");
    private static final Place FAR = Place.parse("r2/z1/n1");

    private final RetainedPlatform platform = RetainedPlatform.of(new Random(1), 2, 2, 3);

    @Test
    void aMessageIsFoundFromEveryNode() {
        for (var node : platform.running()) {
            acknowledged(node, "plant/" + node, "of " + node);
        }
        platform.run(SECOND);
        for (var node : platform.running()) {
            for (var other : platform.running()) {
                assertThat(platform.lookUp(node, "plant/" + other))
                        .containsExactly(new Seen("plant/" + other, "of " + other));
            }
            assertThat(platform.lookUp(node, "#")).hasSize(12);
            assertThat(platform.lookUp(node, "plant/r1/+/n2")).hasSize(2);
            assertThat(platform.lookUp(node, "plant/r2/z2/#")).hasSize(3);
            assertThat(platform.lookUp(node, "other/#")).isEmpty();
            assertThat(platform.figures(node).missed()).isZero();
        }
    }

    @Test
    void isOnTwoDisksInEachRegionWhenItIsAcknowledged() {
        acknowledged(A1, "t", "v");
        assertThat(holders("t")).filteredOn(Place.region("r1")::contains).hasSize(2);
        platform.run(SECOND);
        assertThat(holders("t"))
                .hasSize(4)
                .filteredOn(Place.region("r2")::contains)
                .hasSize(2);
    }

    @Test
    void aClearIsVisibleEverywhere() {
        acknowledged(A1, "t", "v");
        platform.run(SECOND);
        acknowledged(FAR, "t", "");
        platform.run(SECOND);
        platform.running().forEach(node -> {
            assertThat(platform.lookUp(node, "t")).isEmpty();
            assertThat(platform.lookUp(node, "#")).isEmpty();
        });
    }

    @Test
    void theNewestVersionCountsInWhateverOrderTheyCome() {
        var now = platform.nowMillis();
        platform.publish(A1, "t", "new", now + 2);
        platform.run(SECOND);
        platform.publish(FAR, "t", "old", now);
        platform.publish(B1, "t", "older", now - 1);
        platform.run(SECOND);
        platform.running()
                .forEach(node -> assertThat(platform.lookUp(node, "t")).containsExactly(new Seen("t", "new")));
    }

    @Test
    void anAddressedTopicLivesInItsZoneAlone() {
        acknowledged(FAR, "device/r1/z2/k", "v");
        platform.run(45 * SECOND);
        assertThat(holders("device/r1/z2/k")).hasSize(2).allMatch(Place.zone("r1", "z2")::contains);
        for (var node : platform.running()) {
            for (var filter : List.of("device/r1/z2/k", "device/r1/z2/+", "device/r1/#", "device/#", "+/r1/#", "#")) {
                assertThat(platform.lookUp(node, filter))
                        .as("%s from %s", filter, node)
                        .containsExactly(new Seen("device/r1/z2/k", "v"));
            }
        }
    }

    @Test
    void aTopicThatAddressesAnUnknownPlaceIsFoundAllTheSame() {
        acknowledged(A1, "device/nowhere/x/k", "v");
        acknowledged(FAR, "device/r1/z9/k", "w");
        platform.run(2 * SECOND);
        for (var node : platform.running()) {
            assertThat(platform.lookUp(node, "device/nowhere/x/k"))
                    .as(node.toString())
                    .containsExactly(new Seen("device/nowhere/x/k", "v"));
            assertThat(platform.lookUp(node, "device/#")).as(node.toString()).hasSize(2);
        }
        assertThat(platform.lookUp(A1, "device/r1/z9/k")).containsExactly(new Seen("device/r1/z9/k", "w"));
    }

    @Test
    void thousandsOfTopicsComeInPagesAndInOrder() {
        IntStream.range(0, 3_000).forEach(i -> platform.publish(i % 2 == 0 ? A1 : B1, "many/%04d".formatted(i), "v"));
        platform.run(2 * SECOND);
        IntStream.range(0, 3_000)
                .filter(i -> i % 100 < 99)
                .forEach(i -> platform.publish(FAR, "many/%04d".formatted(i), i < 1_500 ? "w" : ""));
        platform.run(5 * SECOND);
        var expected = IntStream.range(0, 3_000)
                .filter(i -> i < 1_500 || i % 100 == 99)
                .mapToObj(i -> new Seen("many/%04d".formatted(i), i % 100 == 99 ? "v" : "w"))
                .toList();
        assertThat(platform.lookUp(A3, "many/+")).isEqualTo(expected);
        assertThat(platform.lookUp(FAR, "#", 7)).isEqualTo(expected);
    }

    @Test
    void copiesAnswerForAnOwnerThatWasKilledUntilTheyTakeOver() {
        IntStream.range(0, 100).forEach(i -> platform.publish(B1, "t/" + i, "v"));
        platform.run(SECOND);
        platform.kill(A2);
        assertThat(platform.lookUp(A1, "t/+")).hasSize(100);
        assertThat(platform.lookUp(FAR, "t/+")).hasSize(100);
        IntStream.range(0, 100)
                .forEach(i -> assertThat(platform.lookUp(A1, "t/" + i))
                        .as("topic %d", i)
                        .containsExactly(new Seen("t/" + i, "v")));
        platform.run(20 * SECOND);
        assertThat(platform.lookUp(A1, "t/+")).hasSize(100);
        IntStream.range(0, 100)
                .forEach(i -> assertThat(holders("t/" + i).stream()
                                .filter(platform::isUp)
                                .filter(Place.region("r1")::contains))
                        .as("copies of topic %d", i)
                        .hasSize(2));
    }

    @Test
    void aPublisherWaitsWhileItsSlotChangesHands() {
        var topic = topicOwnedBy(A2);
        platform.kill(A2);
        var code = platform.publish(A1, topic, "v");
        platform.run(5 * SECOND);
        assertThat(code).isEmpty();
        assertThat(platform.lookUp(A1, topic)).containsExactly(new Seen(topic, "v"));
        platform.run(3 * SECOND);
        assertThat(code).containsExactly(0);
        assertThat(platform.lookUp(A3, topic)).containsExactly(new Seen(topic, "v"));
    }

    @Test
    void aNodeThatReturnsDoesNotBringOldValuesBack() {
        var topic = topicOwnedBy(A2);
        var cleared = topicOwnedBy(A2, 1);
        acknowledged(A1, topic, "old");
        acknowledged(A1, cleared, "old");
        platform.kill(A2);
        platform.run(10 * SECOND);
        acknowledged(A1, topic, "new");
        acknowledged(A1, cleared, "");
        platform.start(A2);
        for (var second = 0; second < 60; second++) {
            assertThat(platform.lookUp(A2, topic)).containsExactly(new Seen(topic, "new"));
            assertThat(platform.lookUp(A2, "#")).containsExactly(new Seen(topic, "new"));
            platform.run(SECOND);
        }
    }

    @Test
    void whatOnlyADeadNodeHadIsFoundAgainWhenItReturns() {
        var topic = topicOwnedBy(A2);
        acknowledged(A1, topic, "v");
        platform.cutOff(Place.region("r1"));
        platform.cutOff(Place.region("r2"));
        var holders =
                holders(topic).stream().filter(Place.region("r1")::contains).toList();
        holders.forEach(platform::kill);
        platform.run(15 * SECOND);
        var survivor =
                List.of(A1, A2, A3).stream().filter(platform::isUp).findFirst().orElseThrow();
        assertThat(platform.lookUp(survivor, topic)).isEmpty();
        platform.start(holders.getLast());
        platform.run(30 * SECOND);
        assertThat(platform.lookUp(survivor, topic)).containsExactly(new Seen(topic, "v"));
    }

    @Test
    void aSlotThatLostAllItsCopiesIsGivenBackByAnotherRegion() {
        IntStream.range(0, 50).forEach(i -> platform.publish(A1, "t/" + i, "v"));
        platform.run(SECOND);
        for (var node :
                platform.running().stream().filter(Place.region("r1")::contains).toList()) {
            platform.kill(node);
            platform.loseDisk(node);
        }
        platform.run(10 * SECOND);
        platform.addZone("r1", "z1", 3);
        platform.addZone("r1", "z2", 3);
        platform.run(600 * SECOND);
        assertThat(platform.lookUp(A1, "t/+")).hasSize(50);
    }

    @Test
    void aRegionThatWasCutOffGetsWhatItMissed() {
        acknowledged(A1, "t", "v1");
        acknowledged(A1, "gone", "v1");
        platform.run(SECOND);
        platform.cutOff(Place.region("r2"));
        acknowledged(A1, "t", "v2");
        acknowledged(A1, "gone", "");
        acknowledged(FAR, "there", "w");
        IntStream.range(0, 2_000).forEach(i -> platform.publish(A1, "many/" + i, "v"));
        platform.run(60 * SECOND);
        assertThat(platform.lookUp(FAR, "t")).containsExactly(new Seen("t", "v1"));
        platform.heal();
        platform.run(20 * SECOND);
        for (var node : List.of(A1, FAR)) {
            assertThat(platform.lookUp(node, "t")).containsExactly(new Seen("t", "v2"));
            assertThat(platform.lookUp(node, "gone")).isEmpty();
            assertThat(platform.lookUp(node, "there")).containsExactly(new Seen("there", "w"));
            assertThat(platform.lookUp(node, "many/+")).hasSize(2_000);
        }
        assertThat(outboxes()).isZero();
    }

    @Test
    void anOwnerThatDiesBeforeItToldAnotherRegionIsReplacedByOneThatDoes() {
        var topic = topicOwnedBy(A2);
        platform.cutOff(Place.region("r2"));
        acknowledged(A1, topic, "v");
        platform.kill(A2);
        platform.run(10 * SECOND);
        platform.heal();
        platform.run(20 * SECOND);
        assertThat(platform.lookUp(FAR, topic)).containsExactly(new Seen(topic, "v"));
    }

    @Test
    void whatFindsNoRoomInTheOutboxArrivesLater() {
        platform.cutOff(Place.region("r2"));
        var text = "v".repeat(20_000);
        for (var i = 0; i < 6_000; i++) {
            platform.publish(A1, "t/" + i, text);
            if (i % 1_000 == 0) {
                platform.run(SECOND);
            }
        }
        platform.run(10 * SECOND);
        var deferred = platform.running().stream()
                .mapToLong(node -> platform.figures(node).deferred())
                .sum();
        assertThat(deferred).isPositive();
        platform.heal();
        platform.run(120 * SECOND);
        assertThat(platform.lookUp(FAR, "t/+", 1_000)).hasSize(6_000);
    }

    @Test
    void aHomeThatCannotBeReachedIsStoodInForByTheOwnZone() {
        platform.cutOff(Place.zone("r1", "z2"));
        var code = platform.publish(A1, "device/r1/z2/k", "v");
        platform.run(3 * SECOND);
        assertThat(code).containsExactly(0);
        assertThat(platform.lookUp(A3, "device/r1/z2/k")).containsExactly(new Seen("device/r1/z2/k", "v"));
        assertThat(platform.lookUp(A3, "device/r1/z2/#")).containsExactly(new Seen("device/r1/z2/k", "v"));
        platform.heal();
        platform.run(60 * SECOND);
        assertThat(platform.lookUp(B1, "device/r1/z2/k")).containsExactly(new Seen("device/r1/z2/k", "v"));
        assertThat(holders("device/r1/z2/k")).hasSize(2).allMatch(Place.zone("r1", "z2")::contains);
    }

    @Test
    void aNewRegionIsGivenWhatLivesEverywhere() {
        IntStream.range(0, 500).forEach(i -> platform.publish(A1, "t/" + i, "v"));
        acknowledged(A1, "device/r1/z1/k", "stays");
        platform.addZone("r3", "z1", 2);
        platform.run(60 * SECOND);
        assertThat(platform.lookUp(Place.parse("r3/z1/n2"), "t/+")).hasSize(500);
        assertThat(platform.lookUp(Place.parse("r3/z1/n2"), "device/r1/z1/k")).hasSize(1);
        assertThat(holders("device/r1/z1/k")).allMatch(Place.zone("r1", "z1")::contains);
    }

    @Test
    void aNewZoneTakesItsShare() {
        IntStream.range(0, 300).forEach(i -> platform.publish(A1, "t/" + i, "v"));
        platform.run(SECOND);
        platform.addZone("r1", "z3", 2);
        platform.run(120 * SECOND);
        var there = IntStream.range(0, 300)
                .filter(i -> holders("t/" + i).stream().anyMatch(Place.zone("r1", "z3")::contains))
                .count();
        assertThat(there).isBetween(60L, 140L);
        IntStream.range(0, 300).forEach(i -> {
            assertThat(holders("t/" + i)).hasSize(4);
            assertThat(platform.lookUp(A1, "t/" + i)).hasSize(1);
        });
    }

    @Test
    void messagesThatLieAnywhereComeToWhereTheyBelong() {
        var other = RetainedPlatform.of(new Random(2), 1, 2, 3);
        other.running().forEach(other::kill);
        other.run(10 * SECOND);
        var places = List.copyOf(other.places());
        var now = other.nowMillis();
        IntStream.range(0, 200).forEach(i -> {
            var newest = places.get(i % places.size());
            other.disk(newest).keep(other.publication(newest, "t/" + i, "new", now), _ -> {});
            var old = places.get((i + 1) % places.size());
            other.disk(old).keep(other.publication(old, "t/" + i, "old", now - 1), _ -> {});
        });
        places.forEach(other::start);
        other.run(SECOND);
        assertThat(other.lookUp(A1, "t/+"))
                .hasSize(200)
                .allMatch(seen -> seen.text().equals("new"));
        other.run(60 * SECOND);
        IntStream.range(0, 200).forEach(i -> {
            assertThat(other.lookUp(A1, "t/" + i)).containsExactly(new Seen("t/" + i, "new"));
            assertThat(places.stream()
                            .filter(place -> other.disk(place).get("t/" + i).isPresent()))
                    .as("disks with topic %d", i)
                    .hasSize(2);
        });
    }

    @Test
    void whatIsNotListedStaysInItsRegion() {
        platform.allow(CrossRegion.of(
                new PlatformSettings(1, new TreeMap<>(Map.of(CrossRegion.KEY, CrossRegion.LISTED)), new TreeMap<>())));
        acknowledged(A1, "t", "v");
        acknowledged(A1, "device/r1/z1/k", "v");
        platform.run(10 * SECOND);
        assertThat(platform.lookUp(B1, "#")).hasSize(2);
        assertThat(platform.lookUp(FAR, "#")).isEmpty();
        assertThat(platform.lookUp(FAR, "device/r1/z1/k")).isEmpty();
    }

    @Test
    void tooManyAtOnceAreRefused() {
        platform.cutOff(A1);
        var accepted = IntStream.range(0, PublishedPuts.ENTRIES_MAX)
                .mapToObj(i -> platform.publish(A1, "t/" + i, "v"))
                .toList();
        assertThat(platform.publish(A1, "one/more", "v")).containsExactly(0x97);
        platform.heal();
        platform.run(20 * SECOND);
        assertThat(accepted).allMatch(codes -> codes.equals(List.of(0)));
        assertThat(platform.publish(A1, "one/more", "v")).isEmpty();
    }

    private void acknowledged(Place node, String topic, String text) {
        var code = platform.publish(node, topic, text);
        platform.run(SECOND);
        assertThat(code).as("acknowledgement of %s", topic).containsExactly(0);
    }

    /** Disks that have a value of the topic. */
    private List<Place> holders(String topic) {
        return platform.places().stream()
                .filter(place -> platform.disk(place).get(topic).isPresent())
                .sorted()
                .toList();
    }

    private long outboxes() {
        return platform.running().stream()
                .mapToLong(node -> platform.figures(node).outbox())
                .sum();
    }

    private String topicOwnedBy(Place node) {
        return topicOwnedBy(node, 0);
    }

    private String topicOwnedBy(Place node, int skip) {
        var homes = RetainedHomes.of(
                node,
                RetainedPlatform.RULES,
                MembershipView.of(1, List.of(new Member(A1, 1, "", "", ""), new Member(B1, 1, "", "", ""))),
                Set.of());
        return IntStream.range(0, 10_000)
                .mapToObj(i -> "owned/" + i)
                .filter(homes::isHere)
                .filter(topic -> platform.table(node.inZone())
                        .owner(SlotHash.ofTopic(topic))
                        .orElseThrow()
                        .place()
                        .equals(node))
                .skip(skip)
                .findFirst()
                .orElseThrow();
    }
}
