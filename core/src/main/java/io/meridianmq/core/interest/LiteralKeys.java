package io.meridianmq.core.interest;

import io.meridianmq.core.place.Reach;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;

/** Walks the literal filters of a table that reach far enough, segment by segment, on any one thread. */
final class LiteralKeys implements PrimitiveIterator.OfLong {

    private final InterestTable table;
    private final FilterHashes codes;
    private final Reach atLeast;
    private FilterHashes.Segment segment;
    private int index;
    private int slot;
    /** Whether the slot has been found to be next: its reach may change before it is taken. */
    private boolean found;

    LiteralKeys(InterestTable table, Reach atLeast) {
        this.table = table;
        this.codes = table.literals().codes();
        this.atLeast = atLeast;
        this.segment = codes.segment(0);
    }

    @Override
    public boolean hasNext() {
        if (found) {
            return true;
        }
        while (index < FilterHashes.SEGMENTS) {
            for (; slot < segment.values.length; slot++) {
                if (FilterHashes.isLive(segment, slot)
                        && table.literalReach(segment.keys[slot]).covers(atLeast)) {
                    found = true;
                    return true;
                }
            }
            slot = 0;
            if (++index < FilterHashes.SEGMENTS) {
                segment = codes.segment(index);
            }
        }
        return false;
    }

    @Override
    public long nextLong() {
        if (!hasNext()) {
            throw new NoSuchElementException("all literal filters have been given");
        }
        found = false;
        return segment.keys[slot++];
    }
}
