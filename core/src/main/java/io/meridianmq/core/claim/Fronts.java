package io.meridianmq.core.claim;

import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which nodes of the zone are alive, as fronts: in the view, or met before any view showed them. Belongs to its owner's
 * thread.
 */
final class Fronts {

    /** Ended starts of nodes that are remembered; older ones are judged by their boot numbers. */
    private static final int ENDED_MAX = 1_024;

    private final Incarnation self;
    private final long strangerNanos;
    private final Set<Incarnation> alive = new LinkedHashSet<>();
    private final Set<Incarnation> ended = new LinkedHashSet<>();
    private final Map<Incarnation, Long> strangersSince = new HashMap<>();
    private final Map<Place, Long> newestBoots = new HashMap<>();

    Fronts(Incarnation self, ClaimSettings settings) {
        this.self = self;
        this.strangerNanos = settings.strangerAfter().toNanos();
        alive.add(self);
    }

    Set<Incarnation> alive() {
        return alive;
    }

    /** The start of a node that is alive, if one is. */
    Optional<Incarnation> alive(Place place) {
        return alive.stream().filter(front -> front.place().equals(place)).findFirst();
    }

    /** Takes over a view; returns those who have ended. This node never has. */
    List<Incarnation> onView(MembershipView view) {
        var before = List.copyOf(alive);
        alive.clear();
        alive.add(self);
        view.below(self.place().inZone())
                .flatMap(place -> view.member(place).stream())
                .forEach(member -> {
                    alive.add(member.incarnation());
                    newestBoots.merge(member.place(), member.boot(), Math::max);
                });
        alive.forEach(front -> {
            ended.remove(front);
            strangersSince.remove(front);
        });
        var gone = new ArrayList<Incarnation>();
        for (var front : before) {
            if (!alive.contains(front)) {
                gone.add(front);
                end(front);
            }
        }
        return gone;
    }

    /** Whether a front has ended; one that was never seen is believed in for a while. */
    boolean isEnded(Incarnation front) {
        return !alive.contains(front)
                && (ended.contains(front) || newestBoots.getOrDefault(front.place(), Long.MIN_VALUE) > front.boot());
    }

    /** A front matters now that the view may not have shown yet. */
    void meet(Incarnation front, long nowNanos) {
        if (!alive.contains(front) && !isEnded(front)) {
            strangersSince.putIfAbsent(front, nowNanos);
        }
    }

    /** Those who have been believed in for too long without being seen, and have ended with this call. */
    List<Incarnation> endStrangers(long nowNanos) {
        if (strangersSince.isEmpty()) {
            return List.of();
        }
        var gone = new ArrayList<Incarnation>();
        strangersSince.forEach((front, since) -> {
            if (nowNanos - since >= strangerNanos) {
                gone.add(front);
            }
        });
        gone.forEach(front -> {
            strangersSince.remove(front);
            end(front);
        });
        return gone;
    }

    private void end(Incarnation front) {
        ended.add(front);
        if (ended.size() > ENDED_MAX) {
            ended.remove(ended.iterator().next());
        }
    }
}
