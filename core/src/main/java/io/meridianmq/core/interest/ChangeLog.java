package io.meridianmq.core.interest;

import java.util.Arrays;
import java.util.HashSet;
import org.jspecify.annotations.Nullable;

/**
 * The last changes of a holder's interest, one for each version, limited in number and bytes. Older ones are forgotten;
 * who is further behind gets a snapshot.
 */
final class ChangeLog {

    static final int CHANGES_MAX = 16_384;
    static final int BYTES_MAX = 4 << 20;
    /** A span ends with the change that makes it so heavy. */
    static final int SPAN_BYTES_MAX = 128 << 10;

    /** What brings a holder of one version to another. */
    record Span(long toVersion, EntriesBuilder added, EntriesBuilder removed) {}

    private @Nullable Change[] ring = new Change[64];
    /** Versions {@code oldest + 1} to {@code newest} can be told. */
    private long oldest;

    private long newest;
    private long bytes;

    ChangeLog(long version) {
        this.oldest = version;
        this.newest = version;
    }

    /** Appends the change that leads to the next version. */
    void append(Change change) {
        if (newest - oldest == ring.length && ring.length < CHANGES_MAX) {
            grow();
        }
        while (newest - oldest == ring.length || (bytes > BYTES_MAX && newest > oldest)) {
            forgetOldest();
        }
        newest++;
        ring[index(newest)] = change;
        bytes += change.entry().weight();
    }

    /** Whether all changes after this version are still known. */
    boolean reaches(long version) {
        return version >= oldest && version <= newest;
    }

    /**
     * What brings a holder of this version nearer to the newest, as far as it fits. Only the last change of each entry
     * counts, so it brings there from any version on the way too.
     */
    Span after(long version) {
        var to = version;
        var weight = 0L;
        while (to < newest && (to == version || weight < SPAN_BYTES_MAX)) {
            weight += at(++to).entry().weight();
        }
        var added = new EntriesBuilder();
        var removed = new EntriesBuilder();
        var seen = new HashSet<Change.Entry>();
        for (var at = to; at > version; at--) {
            var change = at(at);
            if (seen.add(change.entry())) {
                (change.added() ? added : removed).add(change.entry());
            }
        }
        return new Span(to, added, removed);
    }

    private Change at(long version) {
        var change = ring[index(version)];
        assert change != null : version;
        return change;
    }

    private void forgetOldest() {
        oldest++;
        bytes -= at(oldest).entry().weight();
        ring[index(oldest)] = null;
    }

    private void grow() {
        var before = ring;
        var lengthBefore = before.length;
        ring = new Change[2 * lengthBefore];
        for (var version = oldest + 1; version <= newest; version++) {
            ring[index(version)] = before[(int) (version & (lengthBefore - 1))];
        }
        assert Arrays.stream(before).allMatch(change -> change != null);
    }

    private int index(long version) {
        return (int) (version & (ring.length - 1));
    }
}
