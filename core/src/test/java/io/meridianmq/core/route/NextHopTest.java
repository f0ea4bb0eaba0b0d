package io.meridianmq.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.slot.SlotTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NextHopTest {

    private static final MembershipView VIEW = platform("us-east", "eu-west");

    @Test
    void everyFrameArrivesWithinTheHopLimit() {
        for (var from : nodes()) {
            for (var to : nodes()) {
                assertThat(walk(from, to, NextHop.NO_SLOT)).last().isEqualTo(to);
            }
        }
    }

    @Test
    void aLaneIntoAZoneOrRegionLandsOnOneOfItsNodesWhateverNodeItComesFrom() {
        for (var slot = 0; slot < 64; slot++) {
            for (var target : List.of(Place.zone("us-east", "b"), Place.region("eu-west"))) {
                var landings = new TreeSet<Place>();
                for (var from : nodes()) {
                    if (!target.contains(from)) {
                        landings.add(walk(from, target, slot).getLast());
                    }
                }
                assertThat(landings).hasSize(1);
                assertThat(target.contains(landings.first())).isTrue();
                assertThat(landings.first().level()).isEqualTo(Place.Level.NODE);
            }
        }
    }

    @Test
    void slotsSpreadOverTheNodesOfAZone() {
        var landings = new TreeSet<Place>();
        for (var slot = 0; slot < 64; slot++) {
            landings.add(walk(Place.node("us-east", "a", "1"), Place.zone("us-east", "b"), slot)
                    .getLast());
        }
        assertThat(landings).hasSize(2);
    }

    @Test
    void aNodeGoesThroughItsGatewayWhileTheLinkToAPeerIsDown() {
        var from = Place.node("us-east", "a", "1");
        var peer = Place.node("us-east", "a", "2");
        assertThat(NextHop.toward(from, peer, NextHop.NO_SLOT, SlotTable.EMPTY, VIEW, Set.of(peer)::contains))
                .contains(peer);
        assertThat(NextHop.toward(from, peer, NextHop.NO_SLOT, SlotTable.EMPTY, VIEW, linked -> false))
                .contains(from.inZone());
        assertThat(NextHop.toward(from.inZone(), peer, NextHop.NO_SLOT, SlotTable.EMPTY, VIEW, linked -> true))
                .contains(peer);
    }

    @Test
    void theOwnerOfASlotGetsWhatIsForIt() {
        var owner = Place.node("us-east", "a", "2");
        var slots = SlotTable.ofOne(new Incarnation(owner, 1));
        var gateway = owner.inZone();
        var peer = Place.node("us-east", "a", "1");
        for (var slot = 0; slot < 64; slot++) {
            for (var destination : List.of(gateway, gateway.inRegion())) {
                assertThat(NextHop.toward(gateway, destination, slot, slots, VIEW, linked -> true))
                        .contains(owner);
                assertThat(NextHop.toward(peer, destination, slot, slots, VIEW, linked -> true))
                        .contains(owner);
                assertThat(NextHop.toward(peer, destination, slot, slots, VIEW, linked -> false))
                        .contains(gateway);
                assertThat(NextHop.toward(owner, destination, slot, slots, VIEW, linked -> true))
                        .isEmpty();
            }
        }
    }

    @Test
    void aSlotThatNobodyHasHasNoNextHopInItsZone() {
        var unowned = new SlotTable(1, SlotTable.EMPTY.slots());
        var gateway = Place.zone("us-east", "a");
        assertThat(NextHop.toward(gateway, gateway, 7, unowned, VIEW, linked -> true))
                .isEmpty();
    }

    @Test
    void anUnknownPlaceHasNoNextHop() {
        var gateway = Place.region("us-east");
        assertThat(NextHop.toward(gateway, Place.region("ap-south"), 0, SlotTable.EMPTY, VIEW, linked -> true))
                .isEmpty();
        assertThat(NextHop.toward(gateway, Place.zone("us-east", "zz"), 0, SlotTable.EMPTY, VIEW, linked -> true))
                .isEmpty();
    }

    private static List<Place> walk(Place from, Place to, int slot) {
        var path = new ArrayList<>(List.of(from));
        while (true) {
            var next = NextHop.toward(path.getLast(), to, slot, SlotTable.EMPTY, VIEW, linked -> true);
            if (next.isEmpty() || next.get().level() == Place.Level.NODE) {
                next.ifPresent(path::add);
                return path;
            }
            path.add(next.get());
            assertThat(path.size() - 1).as("hops of %s", path).isLessThan(6);
        }
    }

    private static List<Place> nodes() {
        return VIEW.members().keySet().stream()
                .filter(place -> place.level() == Place.Level.NODE)
                .toList();
    }

    static MembershipView platform(String... regions) {
        var members = new ArrayList<Member>();
        members.add(member(Place.GLOBAL));
        for (var region : regions) {
            members.add(member(Place.region(region)));
            for (var zone : List.of("a", "b")) {
                members.add(member(Place.zone(region, zone)));
                for (var node : List.of("1", "2")) {
                    members.add(member(Place.node(region, zone, node)));
                }
            }
        }
        return MembershipView.of(1, members);
    }

    private static Member member(Place place) {
        return new Member(place, 1, "", "", "");
    }
}
