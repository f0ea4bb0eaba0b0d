package io.meridianmq.core.mesh;

import io.meridianmq.core.place.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Who is away, and until when each is waited for. Owned by the thread that drives the component. */
final class Absences {

    private final long longestNanos;
    private final Map<Place, Long> untilNanos = new HashMap<>();

    /** @param longest how long one is waited for */
    Absences(Duration longest) {
        this.longestNanos = longest.toNanos();
    }

    /** A place is away from now on; for one that was, the wait begins anew. */
    void begin(Place place, long nowNanos) {
        untilNanos.put(place, nowNanos + longestNanos);
    }

    boolean contains(Place place) {
        return untilNanos.containsKey(place);
    }

    /** Ends the absence of those who are back, and returns them. */
    List<Place> endReturned(Predicate<Place> isBack) {
        return end(absence -> isBack.test(absence.getKey()));
    }

    /** Ends the absence of those who have been waited for long enough, and returns them. */
    List<Place> endOverdue(long nowNanos) {
        return end(absence -> nowNanos - absence.getValue() >= 0);
    }

    private List<Place> end(Predicate<Map.Entry<Place, Long>> isOver) {
        if (untilNanos.isEmpty()) {
            return List.of();
        }
        var ended = new ArrayList<Place>();
        untilNanos.entrySet().removeIf(absence -> {
            var over = isOver.test(absence);
            if (over) {
                ended.add(absence.getKey());
            }
            return over;
        });
        return ended;
    }
}
