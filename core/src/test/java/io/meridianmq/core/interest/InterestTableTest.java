package io.meridianmq.core.interest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.ImmutableLongArray;
import io.meridianmq.core.link.InterestEntries;
import io.meridianmq.core.link.InterestKey;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.place.Reach;
import io.meridianmq.topic.TopicFilter;
import io.meridianmq.topic.TopicHash;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InterestTableTest {

    private static final Place N1 = Place.node("r", "z", "1");
    private static final Place N2 = Place.node("r", "z", "2");
    private static final Place N3 = Place.node("r", "z", "3");

    private final InterestTable table = new InterestTable();
    private final Matches matches = new Matches(table);

    @Test
    void findsEachShapeWithItsReason() {
        table.add(N1, entries(Reach.GLOBAL, "a/b/c", "a/#", "#"));
        table.add(N2, entries(Reach.GLOBAL, "a/b/+", "a/+/c", "a/b/c/#"));
        table.add(N3, entries(Reach.GLOBAL, "a/b", "b/#", "a/+", "+/c"));
        assertThat(matches.reasons("a/b/c"))
                .containsExactlyInAnyOrder(
                        "r/z/1 literal",
                        "r/z/1 PREFIX_HASH 1",
                        "r/z/1 PREFIX_HASH 0",
                        "r/z/2 PREFIX_PLUS 2",
                        "r/z/2 a/+/c",
                        "r/z/2 PREFIX_HASH 3");
        assertThat(matches.places("a/b")).containsExactly(N1, N3);
        assertThat(matches.places("$SYS/x")).isEmpty(); // [MQTT-4.7.2-1]
    }

    @Test
    void manyHoldersOfOneFilterComeAndGoOneByOne() {
        var nodes = new ArrayList<Place>();
        for (var i = 10; i < 60; i++) {
            var node = Place.node("r", "z", "n" + i);
            nodes.add(node);
            table.add(node, entries(Reach.GLOBAL, "a", "b/#", "+/c"));
            assertThat(matches.places("a")).hasSize(nodes.size());
        }
        assertThat(matches.places("b/c")).hasSize(50);
        while (!nodes.isEmpty()) {
            table.remove(nodes.removeLast(), entries(Reach.GLOBAL, "a", "b/#", "+/c"));
            assertThat(matches.places("a")).containsExactlyElementsOf(nodes);
            assertThat(matches.places("b/c")).containsExactlyElementsOf(nodes);
        }
        assertThat(table.sets().size()).isZero();
    }

    @Test
    void addingTwiceAndRemovingTheUnknownChangeNothing() {
        table.add(N1, entries(Reach.GLOBAL, "a", "a/+/b", "a/#"));
        var checksum = checksum(N1);
        table.add(N1, entries(Reach.GLOBAL, "a", "a/+/b", "a/#"));
        table.remove(N1, entries(Reach.GLOBAL, "b", "b/+/b", "b/#"));
        table.remove(N1, entries(Reach.ZONE, "a", "a/+/b", "a/#"));
        assertThat(checksum(N1)).isEqualTo(checksum);
        table.remove(N1, entries(Reach.GLOBAL, "a", "a/+/b", "a/#"));
        assertThat(checksum(N1)).isZero();
        assertThat(matches.places("a")).isEmpty();
    }

    @Test
    void checksumIsThatOfTheHolder() {
        var own = new OwnInterest(new InterestKey(N1, 1));
        for (var filter : List.of("a", "a/#", "a/+", "+/b/#", "$share/g/x/+", "$share/h/x")) {
            var parsed = TopicFilter.of(filter);
            if (parsed.isShared()) {
                own.join(parsed, filter.contains("/h/"));
            } else {
                own.add(parsed, Reach.REGION);
            }
        }
        own.snapshot(10).forEachRemaining(part -> table.add(N1, part.entries()));
        assertThat(checksum(N1)).isEqualTo(own.checksum());
    }

    @Test
    void removedHolderIsSkippedAtOnceAndSweptLater() {
        var filters = new String[3_000];
        for (var i = 0; i < filters.length; i++) {
            filters[i] = switch (i % 3) {
                case 0 -> "a/" + i;
                case 1 -> "a/" + i + "/#";
                default -> "a/+/" + i;
            };
        }
        table.add(N1, entries(Reach.GLOBAL, filters));
        table.add(N2, entries(Reach.GLOBAL, "a/0", "a/+/2"));
        var before = table.changes();
        table.removeHolder(N1);
        assertThat(table.changes()).isGreaterThan(before);
        assertThat(matches.places("a/0")).containsExactly(N2);
        assertThat(matches.places("a/x/2")).containsExactly(N2);
        assertThat(matches.places("a/1/x")).isEmpty();
        assertThat(table.literalCount()).isEqualTo(1_000);
        var rounds = 0;
        while (table.upkeep(InterestTable.UPKEEP_SEGMENTS)) {
            assertThat(++rounds).isLessThan(5);
        }
        assertThat(table.literalCount()).isEqualTo(1);
        assertThat(table.prefixes().codes().size()).isZero();
        assertThat(table.wildcards().trie().subscriptionCount()).isEqualTo(1);
        assertThat(table.damages()).isZero();
        assertThat(matches.places("a/0")).containsExactly(N2);
        assertThat(table.holder(N1)).isEmpty();
    }

    @Test
    void generationsThatComeAndGoWithoutUpkeepAreSweptAtTheLimit() {
        var entries = entries(Reach.GLOBAL, "a", "b/#", "+/c");
        for (var i = 0; i < 2 * Generations.MAX; i++) {
            table.add(N1, entries);
            table.removeHolder(N1);
        }
        table.add(N2, entries);
        assertThat(matches.places("a")).containsExactly(N2);
    }

    @Test
    void refusesMoreHoldersThanItsLimit() {
        for (var i = 0; i < InterestTable.HOLDERS_MAX; i++) {
            table.register(Place.node("r", "z", "n" + i));
        }
        assertThatThrownBy(() -> table.register(N1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("r/z/1 is one too many");
    }

    @Test
    void findsGroupsWithTheirPresence() {
        table.add(N1, groups(new InterestEntries.Group("g", "a/+", true)));
        table.add(
                N2, groups(new InterestEntries.Group("g", "a/+", false), new InterestEntries.Group("h", "a/b", true)));
        assertThat(matches.groups("a/b"))
                .containsExactlyInAnyOrder("r/z/1 g a/+ online", "r/z/2 g a/+ offline", "r/z/2 h a/b online");
        table.remove(N2, groups(new InterestEntries.Group("g", "a/+", false)));
        table.removeHolder(N1);
        assertThat(matches.groups("a/b")).containsExactly("r/z/2 h a/b online");
        assertThat(matches.places("a/b")).isEmpty();
    }

    @Test
    void literalSourceGivesKeysThatReachFarEnough() {
        table.add(N1, entries(Reach.ZONE, "zone", "both"));
        table.add(N2, entries(Reach.GLOBAL, "global", "both"));
        table.add(N2, entries(Reach.REGION, "region"));
        assertThat(keys(Reach.GLOBAL)).containsExactlyInAnyOrder(key("global"), key("both"));
        assertThat(keys(Reach.REGION)).containsExactlyInAnyOrder(key("global"), key("both"), key("region"));
        assertThat(keys(Reach.ZONE)).hasSize(4);
    }

    @Test
    void listenerIsToldOfFirstAndLastHoldersAndOfReaches() {
        var told = new ArrayList<String>();
        var gateway = new InterestTable(Reach.REGION, recording(told));
        gateway.add(N1, entries(Reach.ZONE, "a", "x/#", "x/+/y"));
        gateway.add(N1, entries(Reach.REGION, "a", "x/#", "x/+/y"));
        gateway.add(N2, entries(Reach.GLOBAL, "a", "x/#", "x/+/y"));
        gateway.remove(N1, entries(Reach.REGION, "a", "x/#", "x/+/y"));
        gateway.removeHolder(N2);
        while (gateway.upkeep(InterestTable.UPKEEP_SEGMENTS)) {}
        assertThat(told)
                .containsExactlyInAnyOrder(
                        key("a") + " NODE REGION",
                        "x/# NODE REGION",
                        "x/+/y NODE REGION",
                        key("a") + " REGION GLOBAL",
                        "x/# REGION GLOBAL",
                        "x/+/y REGION GLOBAL",
                        key("a") + " GLOBAL NODE",
                        "x/# GLOBAL NODE",
                        "x/+/y GLOBAL NODE");
        var ofN1 = new Matches(gateway);
        assertThat(ofN1.places("a")).containsExactly(N1);
        assertThat(ofN1.places("x/1/y")).containsExactly(N1);
    }

    @Test
    void listenerIsToldOfGroups() {
        var told = new ArrayList<String>();
        var gateway = new InterestTable(Reach.REGION, recording(told));
        gateway.add(N1, groups(new InterestEntries.Group("g", "a", false)));
        gateway.add(N2, groups(new InterestEntries.Group("g", "a", true)));
        gateway.removeHolder(N2);
        while (gateway.upkeep(InterestTable.UPKEEP_SEGMENTS)) {}
        gateway.remove(N1, groups(new InterestEntries.Group("g", "a", false)));
        assertThat(told)
                .containsExactly(
                        "g a ABSENT OFFLINE", "g a OFFLINE ONLINE", "g a ONLINE OFFLINE", "g a OFFLINE ABSENT");
    }

    @Test
    void unionWantsWhatItsHoldersAnnounce() {
        var union = new OwnInterest(new InterestKey(Place.zone("r", "z"), 1));
        var gateway = new InterestTable(Reach.REGION, new InterestUnion(union));
        gateway.add(N1, entries(Reach.ZONE, "confined", "confined/#", "c/+/d"));
        gateway.add(N1, entries(Reach.GLOBAL, "a", "a/#", "a/+/b"));
        gateway.add(N2, entries(Reach.GLOBAL, "a", "a/#", "a/+/b"));
        gateway.add(N2, groups(new InterestEntries.Group("g", "a", true)));
        assertThat(union.size()).isEqualTo(4);
        var version = union.version();
        gateway.removeHolder(N1);
        while (gateway.upkeep(InterestTable.UPKEEP_SEGMENTS)) {}
        assertThat(union.version()).isEqualTo(version);
        gateway.removeHolder(N2);
        while (gateway.upkeep(InterestTable.UPKEEP_SEGMENTS)) {}
        assertThat(union.size()).isZero();
        assertThat(union.checksum()).isZero();
    }

    private long checksum(Place place) {
        return table.installed(table.register(place)).checksum;
    }

    private List<Long> keys(Reach atLeast) {
        var keys = new ArrayList<Long>();
        table.literals(atLeast).forEachRemaining((long key) -> keys.add(key));
        return keys;
    }

    private static long key(String topic) {
        return TopicHash.ofLiteral(topic);
    }

    static InterestEntries entries(Reach reach, String... filters) {
        var literals = ImmutableLongArray.builder();
        var wildcards = new ArrayList<InterestEntries.Wildcard>();
        for (var filter : filters) {
            if (TopicFilter.of(filter).shape() == TopicFilter.Shape.LITERAL) {
                literals.add(TopicHash.ofLiteral(filter));
            } else {
                wildcards.add(new InterestEntries.Wildcard(reach, filter));
            }
        }
        return new InterestEntries(
                List.of(new InterestEntries.Literals(reach, literals.build())), wildcards, List.of());
    }

    static InterestEntries groups(InterestEntries.Group... groups) {
        return new InterestEntries(List.of(), List.of(), List.of(groups));
    }

    private static EntryListener recording(List<String> told) {
        return new EntryListener() {
            @Override
            public void literal(long hash, Reach before, Reach after) {
                told.add(hash + " " + before + " " + after);
            }

            @Override
            public void wildcard(TopicFilter filter, Reach before, Reach after) {
                told.add(filter + " " + before + " " + after);
            }

            @Override
            public void group(String group, TopicFilter filter, GroupPresence before, GroupPresence after) {
                told.add(group + " " + filter + " " + before + " " + after);
            }
        };
    }
}
