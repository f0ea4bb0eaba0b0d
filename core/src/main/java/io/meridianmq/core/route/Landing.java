package io.meridianmq.core.route;

import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Place;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Rendezvous hashing: everybody who knows the same candidates chooses the same one for a key, and a candidate that comes
 * or goes moves only its own share of the keys.
 *
 * <p>Source: Thaler and Ravishankar, "Using Name-Based Mappings to Increase Hit Rates", 1998.
 */
public final class Landing {

    private Landing() {}

    /** The candidate with the greatest weight for {@code key}; empty if there is none. */
    public static Optional<Place> choose(long key, Stream<Place> candidates) {
        return candidates.max((a, b) -> {
            var byWeight = Long.compareUnsigned(weight(key, a), weight(key, b));
            return byWeight != 0 ? byWeight : a.compareTo(b);
        });
    }

    private static long weight(long key, Place candidate) {
        return mix(key ^ hashOf(candidate));
    }

    /** A 64-bit hash of a place's written form, the same on every machine. */
    public static long hashOf(Place place) {
        var text = place.toString();
        var hash = 0xcbf29ce484222325L;
        for (var i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return mix(hash);
    }

    /** A 64-bit hash of one start of a component, far from those of its other starts. */
    public static long hashOf(Incarnation incarnation) {
        return mix(hashOf(incarnation.place()) + incarnation.boot() * 0x9E3779B97F4A7C15L);
    }

    /** The finaliser of MurmurHash3: every input bit changes every output bit with probability one half. */
    public static long mix(long value) {
        var mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
