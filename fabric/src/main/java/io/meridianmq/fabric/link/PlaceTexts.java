package io.meridianmq.fabric.link;

import io.meridianmq.core.place.Place;
import java.util.HashMap;
import java.util.Map;

/**
 * Places and their written forms, remembered, since the same few are in every frame.
 *
 * <p>Belongs to the mesh thread. Starts over when it holds {@value #ENTRIES_MAX} places, which more than a region has.
 */
final class PlaceTexts {

    private static final int ENTRIES_MAX = 16_384;

    private final Map<Place, String> texts = new HashMap<>();
    private final Map<String, Place> places = new HashMap<>();

    String text(Place place) {
        var known = texts.get(place);
        return known != null ? known : remember(place, place.toString());
    }

    /**
     * @throws IllegalArgumentException if the text is not a place
     */
    Place place(String text) {
        var known = places.get(text);
        if (known != null) {
            return known;
        }
        var place = Place.parse(text);
        remember(place, text);
        return place;
    }

    private String remember(Place place, String text) {
        if (places.size() >= ENTRIES_MAX) {
            places.clear();
            texts.clear();
        }
        places.put(text, place);
        texts.put(place, text);
        return text;
    }
}
