package io.meridianmq.core.route;

import io.meridianmq.core.place.Place;
import io.meridianmq.core.settings.CrossRegion;
import io.meridianmq.topic.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Chooses the one place that serves a shared subscription for one publication.
 *
 * <p>Places nearby with a connected member come first, in rotation; then one elsewhere with a connected member, the same
 * one for everybody who knows the same candidates; then, in the same order, places whose members are all offline.
 * MQTT 5 allows any member (section 4.8.2); near ones save a link.
 */
final class GroupChoice {

    private final List<Place> nearOnline = new ArrayList<>();
    private final List<Place> nearOffline = new ArrayList<>();
    private final List<Place> farOnline = new ArrayList<>();
    private final List<Place> farOffline = new ArrayList<>();
    private final Map<Place, CrossRegion.Verdict> blocked = new TreeMap<>();

    void near(Place place, boolean online) {
        add(place, online ? nearOnline : nearOffline);
    }

    void far(Place place, boolean online) {
        add(place, online ? farOnline : farOffline);
    }

    /** A region that has members which this publication may not go to. */
    void blocked(Place region, CrossRegion.Verdict verdict) {
        blocked.put(region, verdict);
    }

    /** Tells the regions that could have served, when nobody else can. */
    void reportBlocked(TopicFilter group, RouteSink sink) {
        blocked.forEach((region, verdict) -> sink.blocked(region, RouteSink.Reason.GROUP, group.text(), verdict));
    }

    /**
     * The place that serves; empty if there is no candidate.
     *
     * @param groupHash the same for the same shared subscription everywhere
     * @param spread differs from publication to publication, so that near places take turns
     */
    Optional<Place> choose(long groupHash, long spread) {
        if (!nearOnline.isEmpty()) {
            return inTurn(nearOnline, spread);
        }
        if (!farOnline.isEmpty()) {
            return Landing.choose(groupHash, farOnline.stream());
        }
        return nearOffline.isEmpty() ? Landing.choose(groupHash, farOffline.stream()) : inTurn(nearOffline, spread);
    }

    private static Optional<Place> inTurn(List<Place> places, long spread) {
        places.sort(null);
        return Optional.of(places.get((int) Long.remainderUnsigned(spread, places.size())));
    }

    private static void add(Place place, List<Place> places) {
        if (!places.contains(place)) {
            places.add(place);
        }
    }
}
