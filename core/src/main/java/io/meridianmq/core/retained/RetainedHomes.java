package io.meridianmq.core.retained;

import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.route.AddressRules;
import io.meridianmq.core.route.Landing;
import io.meridianmq.core.slot.SlotHash;
import io.meridianmq.topic.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Where topics' retained messages live, as one node knows the platform: in the zone that the topic addresses, or else in one
 * zone of every region, chosen by the topic's slot.
 *
 * <p>A place that nobody knows addresses nothing: a topic that names an unknown region lives in every region, and one that
 * names an unknown zone in some zone of its region. A zone is known while any component of it is alive, so that a gateway
 * that fails moves nothing.
 *
 * <p>An immutable value; any thread may call.
 *
 * @param self the node
 * @param zones the zones of its region, its own among them, in place order
 * @param regions the other regions
 */
public record RetainedHomes(Place self, AddressRules rules, List<Place> zones, Set<Place> regions) {

    public RetainedHomes {
        zones = List.copyOf(zones);
        regions = Set.copyOf(regions);
    }

    /** The homes as a view of the own region and the other regions that are known decide them. */
    public static RetainedHomes of(Place self, AddressRules rules, MembershipView view, Set<Place> regions) {
        var zones = new TreeSet<Place>();
        zones.add(self.inZone());
        for (var place : view.members().keySet()) {
            if (place.level().compareTo(Place.Level.ZONE) >= 0
                    && place.inRegion().equals(self.inRegion())) {
                zones.add(place.inZone());
            }
        }
        return new RetainedHomes(self, rules, List.copyOf(zones), regions);
    }

    /** Whether a topic lives in every region, and not in the one that it addresses. */
    public boolean isEverywhere(String topic) {
        return addressed(topic).equals(Place.GLOBAL);
    }

    /**
     * The home of a topic that is the closest: a zone of this region, or another region or a zone of it that the topic
     * addresses.
     */
    public Place nearest(String topic) {
        var address = addressed(topic);
        return address.contains(self.inRegion())
                ? Landing.choose(SlotHash.ofTopic(topic), zones.stream()).orElse(self.inZone())
                : address;
    }

    /** Whether this node's zone is the one of its region where the topics of a slot live that live everywhere. */
    public boolean isHomeOfEverywhere(int slot) {
        return Landing.choose(slot, zones.stream())
                .filter(self.inZone()::equals)
                .isPresent();
    }

    /** Whether a topic lives in this node's zone. */
    public boolean isHere(String topic) {
        return nearest(topic).equals(self.inZone());
    }

    /**
     * Whom a look-up of a filter with wildcards has to ask beside the nodes of this zone: other zones of the region and
     * other regions that may have what matches and is nowhere closer. <strong>All look-ups beyond the zone go through
     * here.</strong>
     */
    public List<Place> beyondZone(TopicFilter filter) {
        var pinned = addressed(filter.literalPrefix());
        if (!pinned.contains(self.inRegion())) {
            return pinned.equals(self.inZone()) ? List.of() : List.of(pinned);
        }
        var places = new ArrayList<Place>();
        zones.stream().filter(zone -> !zone.equals(self.inZone())).forEach(places::add);
        if (pinned.equals(Place.GLOBAL) && rules.mayAddress(filter.filter())) {
            regions.stream().sorted().forEach(places::add);
        }
        return places;
    }

    /** Whom a look-up of one topic has to ask beside the owner of its slot in this zone. */
    public List<Place> beyondZone(String topic) {
        return Stream.of(nearest(topic))
                .filter(home -> !home.equals(self.inZone()))
                .toList();
    }

    /** The known place that a topic, or the literal prefix of a filter, addresses. */
    private Place addressed(String topic) {
        var address = rules.addressOf(topic);
        if (address.equals(Place.GLOBAL)) {
            return Place.GLOBAL;
        }
        if (!address.inRegion().equals(self.inRegion())) {
            return regions.contains(address.inRegion()) ? address : Place.GLOBAL;
        }
        return zones.contains(address) ? address : address.inRegion();
    }
}
