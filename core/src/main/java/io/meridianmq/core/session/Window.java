package io.meridianmq.core.session;

import org.jspecify.annotations.Nullable;

/**
 * The messages with a packet identifier, found by identifier and listed in the order of sending.
 *
 * <p>Identifiers are handed out in turn; a message lives in the cell of its identifier's low bits. An identifier whose
 * cell is taken, since an old message lingers there, is skipped, so a cell never holds two. The array doubles when it is
 * full, which keeps distinct cells distinct. The messages of a durable session come with identifiers of their own; for them
 * the array doubles until each has a cell, at 65,536 at the latest.
 */
@SuppressWarnings("ReferenceEquality") // There is one window for all that were never used.
final class Window {

    private static final int IDENTIFIER_MAX = 65_535;
    private static final int CELLS_AT_FIRST = 4;

    /** The window of all who have sent no message yet, as most never do. Nothing is ever added to it. */
    static final Window UNUSED = new Window();

    private @Nullable Outbound[] cells = new @Nullable Outbound[CELLS_AT_FIRST];
    private int size;
    private int nextIdentifier = 1;
    private @Nullable Outbound oldest;
    private @Nullable Outbound newest;

    int size() {
        return size;
    }

    @Nullable
    Outbound oldest() {
        return oldest;
    }

    /**
     * Takes in the message as the newest, with the identifier that it has, which is free, or else one that it is given. At
     * most 65,534 messages are in the window.
     */
    void add(Outbound outbound) {
        assert this != UNUSED;
        assert size < IDENTIFIER_MAX;
        if (outbound.packetIdentifier == 0) {
            outbound.packetIdentifier = takeIdentifier();
        }
        while (cells[outbound.packetIdentifier & (cells.length - 1)] != null) {
            grow();
        }
        cells[outbound.packetIdentifier & (cells.length - 1)] = outbound;
        size++;
        outbound.older = newest;
        if (newest == null) {
            oldest = outbound;
        } else {
            newest.newer = outbound;
        }
        newest = outbound;
    }

    private int takeIdentifier() {
        if (size == cells.length) {
            grow();
        }
        while (cells[nextIdentifier & (cells.length - 1)] != null) {
            advance();
        }
        var taken = nextIdentifier;
        advance();
        return taken;
    }

    /** Whether no message has this identifier. */
    boolean isFree(int packetIdentifier) {
        return find(packetIdentifier) == null;
    }

    @Nullable
    Outbound find(int packetIdentifier) {
        var outbound = cells[packetIdentifier & (cells.length - 1)];
        return outbound != null && outbound.packetIdentifier == packetIdentifier ? outbound : null;
    }

    void remove(Outbound outbound) {
        var cell = outbound.packetIdentifier & (cells.length - 1);
        assert cells[cell] == outbound;
        cells[cell] = null;
        size--;
        if (outbound.older == null) {
            oldest = outbound.newer;
        } else {
            outbound.older.newer = outbound.newer;
        }
        if (outbound.newer == null) {
            newest = outbound.older;
        } else {
            outbound.newer.older = outbound.older;
        }
    }

    private void advance() {
        nextIdentifier = nextIdentifier == IDENTIFIER_MAX ? 1 : nextIdentifier + 1; // never 0 [MQTT-2.2.1-3]
    }

    private void grow() {
        var larger = new @Nullable Outbound[cells.length * 2];
        for (var outbound = oldest; outbound != null; outbound = outbound.newer) {
            larger[outbound.packetIdentifier & (larger.length - 1)] = outbound;
        }
        cells = larger;
    }
}
