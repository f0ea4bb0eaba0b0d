package io.meridianmq.control.roster;

import io.meridianmq.control.roster.Sighting.State;
import io.meridianmq.core.mesh.KnownComponent;
import io.meridianmq.core.place.Place;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Remembers components that are gone. A pure core: times come in.
 *
 * <p>Belongs to one thread.
 */
final class Memory {

    /** How long a component that is gone is remembered. */
    static final Duration LOST_FOR_MAX = Duration.ofMinutes(10);

    /** As many that are gone are remembered; of more, those that were seen last. */
    static final int LOST_MAX = 1_000;

    private static final Duration LIVE = Duration.ofSeconds(3);

    private Sightings latest = Sightings.NONE;

    /**
     * Looks around.
     *
     * @param known everybody who is there
     * @param nowNanos on the clock that dates reports
     * @param nowMillis milliseconds since 1970 at the same moment
     */
    Sightings look(SortedMap<Place, KnownComponent> known, long nowNanos, long nowMillis) {
        var all = new TreeMap<Place, Sighting>();
        latest.byPlace().values().stream()
                .filter(before -> !known.containsKey(before.member().place()))
                .filter(before -> nowMillis - before.seenMillis() < LOST_FOR_MAX.toMillis())
                .sorted(Comparator.comparingLong(Sighting::seenMillis).reversed())
                .limit(LOST_MAX)
                .forEach(before -> all.put(before.member().place(), lost(before)));
        for (Map.Entry<Place, KnownComponent> entry : known.entrySet()) {
            all.put(entry.getKey(), seen(entry.getValue(), nowNanos, nowMillis));
        }
        latest = new Sightings(latest.number() + 1, nowMillis, all);
        return latest;
    }

    private static Sighting lost(Sighting before) {
        return new Sighting(before.member(), State.LOST, before.seenMillis(), before.live());
    }

    private static Sighting seen(KnownComponent component, long nowNanos, long nowMillis) {
        return component
                .live()
                .map(live -> {
                    var ago = Duration.ofNanos(nowNanos - live.heardNanos());
                    var state = ago.compareTo(LIVE) <= 0 ? State.LIVE : State.SILENT;
                    return new Sighting(component.member(), state, nowMillis - ago.toMillis(), component.live());
                })
                // It is listed, and has not reported yet or no longer does.
                .orElseGet(() -> new Sighting(component.member(), State.SILENT, nowMillis, component.live()));
    }
}
