package io.meridianmq.core.stream;

/**
 * Streams to other nodes in numbers.
 *
 * @param streams peers with which there is a stream
 * @param heldBytes bytes of items not yet acknowledged
 * @param sent items sent for the first time, since the start
 * @param resent items sent again, since the start
 * @param taken items that arrived and were handed out, since the start
 * @param broken streams that ended with their peers alive, since the start
 * @param ignored frames of other starts, of nodes that are not listed, or of streams that had ended, since the start
 */
public record StreamFigures(
        int streams, long heldBytes, long sent, long resent, long taken, long broken, long ignored) {

    public static final StreamFigures NONE = new StreamFigures(0, 0, 0, 0, 0, 0, 0);

    /** These and others. */
    public StreamFigures plus(StreamFigures other) {
        return new StreamFigures(
                streams + other.streams,
                heldBytes + other.heldBytes,
                sent + other.sent,
                resent + other.resent,
                taken + other.taken,
                broken + other.broken,
                ignored + other.ignored);
    }
}
