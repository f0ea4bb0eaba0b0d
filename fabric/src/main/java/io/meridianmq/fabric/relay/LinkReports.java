package io.meridianmq.fabric.relay;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.LinkReport;
import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.link.LinkFigures;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The figures of links as they are reported upward. */
final class LinkReports {

    private static final long NANOS_PER_MICRO = 1_000;

    private LinkReports() {}

    /** Those that are down come first, so that they are in the report whatever its bound leaves out. */
    static List<LinkReport> of(Map<Place, LinkFigures> links) {
        return links.entrySet().stream()
                .map(link -> of(link.getKey(), link.getValue()))
                .sorted(Comparator.comparing(LinkReport::up))
                .limit(Frame.Report.LINKS_MAX)
                .toList();
    }

    private static LinkReport of(Place peer, LinkFigures figures) {
        return new LinkReport(
                peer,
                figures.up(),
                figures.up() ? figures.roundTripNanos() / NANOS_PER_MICRO : 0,
                figures.bytesSent(),
                figures.bytesReceived());
    }
}
