package io.meridianmq.control.roster;

import io.meridianmq.core.place.Place;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everybody at one moment.
 *
 * @param number grows from one moment to the next
 * @param atMillis the moment, in milliseconds since 1970
 * @param byPlace in place order
 */
public record Sightings(long number, long atMillis, SortedMap<Place, Sighting> byPlace) {

    static final Sightings NONE = new Sightings(0, 0, Collections.emptySortedMap());

    public Sightings {
        byPlace = Collections.unmodifiableSortedMap(new TreeMap<>(byPlace));
    }
}
