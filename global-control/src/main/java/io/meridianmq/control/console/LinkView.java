package io.meridianmq.control.console;

import io.meridianmq.core.mesh.LiveLink;
import io.meridianmq.core.place.Place;

/**
 * A link between two neighbours, put together from what either end reports.
 *
 * @param from the lesser place
 * @param to the greater place
 * @param up whether every end that reports has it open
 * @param roundTripMicros the longer one
 * @param bytesPerSecond in both directions, before compression
 */
record LinkView(Place from, Place to, boolean up, long roundTripMicros, double bytesPerSecond) {

    static LinkView seenFrom(Place reporter, LiveLink link) {
        var peer = link.last().peer();
        var first = reporter.compareTo(peer) < 0;
        return new LinkView(
                first ? reporter : peer,
                first ? peer : reporter,
                link.last().up(),
                link.last().roundTripMicros(),
                link.sentBytesPerSecond() + link.receivedBytesPerSecond());
    }

    /** With the view from the other end. */
    LinkView and(LinkView other) {
        return new LinkView(
                from,
                to,
                up && other.up,
                Math.max(roundTripMicros, other.roundTripMicros),
                Math.max(bytesPerSecond, other.bytesPerSecond));
    }

    /** Whether a node is at one end: of these there can be very many. */
    boolean leadsToNode() {
        return to.level() == Place.Level.NODE || from.level() == Place.Level.NODE;
    }
}
