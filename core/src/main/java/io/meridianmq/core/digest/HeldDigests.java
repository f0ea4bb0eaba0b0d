package io.meridianmq.core.digest;

import io.meridianmq.core.place.Place;
import io.meridianmq.digest.DigestLimits;
import io.meridianmq.digest.RemoteDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The digests of other places that a component holds. One writer, the thread that drives the component; any thread reads.
 */
public final class HeldDigests {

    /** More places than a platform has; a digest of one more is not taken. */
    static final int PLACES_MAX = 1_024;

    private volatile List<HeldDigest> held = List.of();
    private volatile long changes;

    /** All of them, in no particular order. */
    public List<HeldDigest> held() {
        return held;
    }

    /** Whether the digest of a place is held, complete or not. */
    public boolean holds(Place origin) {
        return find(origin).isPresent();
    }

    /** Whether the digest of a place has been heard as a whole, if perhaps not its last changes. */
    public boolean hasHeard(Place origin) {
        return find(origin).filter(digest -> digest.position().generation() > 0).isPresent();
    }

    /** Grows with every change, after readers find it. */
    public long changes() {
        return changes;
    }

    Optional<RemoteDigest> find(Place origin) {
        for (var candidate : held) {
            if (candidate.origin().equals(origin)) {
                return Optional.of(candidate.digest());
            }
        }
        return Optional.empty();
    }

    /** The digest of a place, new and empty if there was none; empty if there are too many. */
    Optional<RemoteDigest> open(Place origin) {
        var known = find(origin);
        if (known.isPresent() || held.size() >= PLACES_MAX) {
            return known;
        }
        var digest = new RemoteDigest(DigestLimits.DEFAULT);
        var more = new ArrayList<>(held);
        more.add(new HeldDigest(origin, digest));
        held = List.copyOf(more);
        changed();
        return Optional.of(digest);
    }

    void drop(Place origin) {
        held = held.stream()
                .filter(candidate -> !candidate.origin().equals(origin))
                .toList();
        changed();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One writer.
    void changed() {
        changes++;
    }
}
