package io.meridianmq.core.settings;

import io.meridianmq.core.place.Place;
import io.meridianmq.topic.TopicFilter;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A pattern of topics that may go from one region to another while everything else may not.
 *
 * @param filter a valid topic filter, not a shared one
 * @param from regions that it may leave; empty for all
 * @param to regions that it may enter; empty for all
 */
public record GlobalTopic(String filter, SortedSet<Place> from, SortedSet<Place> to) {

    /** Characters of a filter at most: thousands of patterns travel as one value. */
    public static final int FILTER_CHARS_MAX = 256;

    /** Regions on each side at most. */
    public static final int REGIONS_MAX = 100;

    /** @throws IllegalArgumentException if there cannot be such a global topic; the message says why */
    public GlobalTopic {
        if (filter.length() > FILTER_CHARS_MAX) {
            throw new IllegalArgumentException("topic filter of " + filter.length()
                    + " characters is too long for a global topic: at most " + FILTER_CHARS_MAX + " are allowed");
        }
        if (TopicFilter.of(filter).isShared()) {
            throw new IllegalArgumentException("\"" + filter + "\" names a shared subscription: write the topic filter"
                    + " behind the share name, which covers shared subscriptions as well");
        }
        from = regions("from", from);
        to = regions("to", to);
    }

    /** One that may go from any region to any other. */
    public static GlobalTopic everywhere(String filter) {
        return new GlobalTopic(filter, Collections.emptySortedSet(), Collections.emptySortedSet());
    }

    /** Whether what matches may go this way. */
    boolean mayGo(Place fromRegion, Place toRegion) {
        return (from.isEmpty() || from.contains(fromRegion)) && (to.isEmpty() || to.contains(toRegion));
    }

    private static SortedSet<Place> regions(String side, Set<Place> places) {
        if (places.size() > REGIONS_MAX) {
            throw new IllegalArgumentException(
                    side + " names " + places.size() + " regions, allowed are " + REGIONS_MAX);
        }
        for (var place : places) {
            if (place.level() != Place.Level.REGION) {
                throw new IllegalArgumentException(
                        side + ": \"" + place + "\" is not a region: write a name such as us-east");
            }
        }
        return Collections.unmodifiableSortedSet(new TreeSet<>(places));
    }
}
