package io.meridianmq.core.mesh;

import java.util.HashMap;
import java.util.Map;

/**
 * What a component last reported.
 *
 * @param heardNanos when the report arrived, on the receiver's monotonic clock
 * @param atMillis when the figures were taken, in milliseconds since 1970 on the reporter's clock
 * @param figures by metric name
 * @param perSecond change of each figure between the last two reports, by metric name; empty after the first one
 */
public record LiveFigures(long heardNanos, long atMillis, Map<String, Double> figures, Map<String, Double> perSecond) {

    public LiveFigures {
        figures = Map.copyOf(figures);
        perSecond = Map.copyOf(perSecond);
    }

    static LiveFigures first(long heardNanos, long atMillis, Map<String, Double> figures) {
        return new LiveFigures(heardNanos, atMillis, figures, Map.of());
    }

    /** The next report of the same start of the component. */
    LiveFigures next(long heardNanos, long atMillis, Map<String, Double> figures) {
        var elapsedMillis = atMillis - this.atMillis;
        var perSecond = new HashMap<String, Double>();
        if (elapsedMillis > 0) { // Else the reporter's clock was set back.
            figures.forEach((name, value) -> {
                var before = this.figures.get(name);
                if (before != null) {
                    perSecond.put(name, (value - before) * 1_000 / elapsedMillis);
                }
            });
        }
        return new LiveFigures(heardNanos, atMillis, figures, perSecond);
    }
}
