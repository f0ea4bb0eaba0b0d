package io.meridianmq.core.interest;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.InterestKey;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * A holder's whole interest, as frames made one at a time on the owner's thread.
 *
 * <p>Literal filters are read when their part is made, since copying millions at once would stop the owner. Parts may
 * therefore have entries that changed after {@link #version}, or not. The snapshot is exact once the changes after that
 * version have been applied as deltas, whether they come between the parts or behind them: each delta says for each entry
 * what became of it, and saying so twice changes nothing.
 */
public final class SnapshotParts implements Iterator<Frame.InterestSnapshot> {

    private final InterestKey key;
    private final long version;
    private final FilterHashes[] literals;
    private final List<Change.Entry> texts;
    private final int partBytesMax;

    private int part;
    private boolean done;
    private int reach;
    private int index;
    private int slot;
    private FilterHashes.Segment segment;
    private int text;

    SnapshotParts(InterestKey key, long version, FilterHashes[] literals, List<Change.Entry> texts, int partBytesMax) {
        this.key = key;
        this.version = version;
        this.literals = literals;
        this.texts = texts;
        this.partBytesMax = partBytesMax;
        this.segment = literals[0].segment(0);
    }

    /** The version that all parts name: deltas have to start here. */
    public long version() {
        return version;
    }

    @Override
    public boolean hasNext() {
        return !done;
    }

    /** The next part; the last one may be empty. */
    @Override
    public Frame.InterestSnapshot next() {
        if (done) {
            throw new NoSuchElementException("the last part has been made");
        }
        var entries = new EntriesBuilder();
        var room = partBytesMax;
        while (room > 0 && toNextLiteral()) {
            entries.addLiteral(segment.keys[slot++], ReachCode.reach(reach));
            room -= Long.BYTES;
        }
        while (room > 0 && text < texts.size()) {
            var entry = texts.get(text++);
            entries.add(entry);
            room -= entry.weight();
        }
        done = !toNextLiteral() && text == texts.size();
        return new Frame.InterestSnapshot(key, version, part++, done, entries.build());
    }

    /** Moves to the next live slot. A segment is kept until its end even if it is replaced meanwhile: see above. */
    private boolean toNextLiteral() {
        while (reach < literals.length) {
            for (; slot < segment.values.length; slot++) {
                if (FilterHashes.isLive(segment, slot)) {
                    return true;
                }
            }
            slot = 0;
            if (++index == FilterHashes.SEGMENTS) {
                index = 0;
                reach++;
            }
            if (reach < literals.length) {
                segment = literals[reach].segment(index);
            }
        }
        return false;
    }
}
