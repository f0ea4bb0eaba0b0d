package io.meridianmq.core.mesh;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.LinkReport;
import io.meridianmq.core.place.Place;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a component last reported.
 *
 * @param heardNanos when the report arrived, on the receiver's monotonic clock
 * @param atMillis when the figures were taken, in milliseconds since 1970 on the reporter's clock
 * @param figures by metric name
 * @param perSecond change of each figure between the last two reports, by metric name; empty after the first one
 * @param links each of its links
 */
public record LiveFigures(
        long heardNanos,
        long atMillis,
        Map<String, Double> figures,
        Map<String, Double> perSecond,
        List<LiveLink> links) {

    private static final double MILLIS_PER_SECOND = 1_000;

    public LiveFigures {
        figures = Map.copyOf(figures);
        perSecond = Map.copyOf(perSecond);
        links = List.copyOf(links);
    }

    static LiveFigures first(Frame.Report report, long heardNanos) {
        return new LiveFigures(
                heardNanos,
                report.atMillis(),
                report.figures(),
                Map.of(),
                report.links().stream().map(link -> new LiveLink(link, 0, 0)).toList());
    }

    /** With the next report of the same start of the component. */
    LiveFigures next(Frame.Report report, long heardNanos) {
        var elapsedMillis = report.atMillis() - atMillis;
        if (elapsedMillis <= 0) { // The reporter's clock was set back.
            return first(report, heardNanos);
        }
        return new LiveFigures(
                heardNanos,
                report.atMillis(),
                report.figures(),
                perSecond(report.figures(), elapsedMillis),
                linksNow(report.links(), elapsedMillis));
    }

    private Map<String, Double> perSecond(Map<String, Double> newer, long elapsedMillis) {
        var changes = new HashMap<String, Double>();
        newer.forEach((name, value) -> {
            var before = figures.get(name);
            if (before != null) {
                changes.put(name, (value - before) * MILLIS_PER_SECOND / elapsedMillis);
            }
        });
        return changes;
    }

    private List<LiveLink> linksNow(List<LinkReport> newer, long elapsedMillis) {
        Map<Place, LinkReport> before = links.stream()
                .map(LiveLink::last)
                .collect(Collectors.toMap(LinkReport::peer, link -> link, (one, _) -> one));
        return newer.stream()
                .map(link -> {
                    var earlier = before.getOrDefault(link.peer(), link);
                    return new LiveLink(
                            link,
                            bytesPerSecond(earlier.sentBytes(), link.sentBytes(), elapsedMillis),
                            bytesPerSecond(earlier.receivedBytes(), link.receivedBytes(), elapsedMillis));
                })
                .toList();
    }

    /** A neighbour that left and came back is counted from 0 again. */
    private static double bytesPerSecond(long before, long now, long elapsedMillis) {
        return Math.max(0, now - before) * MILLIS_PER_SECOND / elapsedMillis;
    }
}
