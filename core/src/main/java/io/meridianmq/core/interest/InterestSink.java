package io.meridianmq.core.interest;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.InterestKey;
import io.meridianmq.core.place.Place;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes in what one neighbour's holder wants, in order, and answers each frame. On the thread of the table's writer.
 *
 * <p>Every frame moves the holder from one known version to a later one, or is answered with "not current", which brings a
 * snapshot. Answers are acknowledgements: of the version held; of version 0 while a snapshot is being loaded; "not
 * current" once when something is missing or wrong, and again at each summary until the snapshot begins.
 *
 * <p>The holder is <b>current</b> when its entries are known to be what it wants: after a complete snapshot, after a
 * summary of the same version and checksum, or when deltas have come to the version of the summary that was ahead. It is
 * not while the link is down, while a snapshot is loaded, and from a mismatch on. Entries are kept meanwhile, and those of
 * an earlier boot until the snapshot of the later one is complete.
 */
public final class InterestSink {

    private final InterestTable table;
    private final Holder holder;

    private boolean connected;
    /** Boot and version of the entries that the table has installed for the holder; 0 before there are any. */
    private long boot;

    private long version;
    /** The version to come to before the holder is current; 0 if it cannot be reached by deltas. */
    private long target;
    /** "Not current" was answered, and the snapshot has not begun. */
    private boolean snapshotWanted;

    private @Nullable Loading loading;

    /** A snapshot on its way in. */
    private static final class Loading {
        final InterestKey key;
        final long snapshotVersion;
        final Generation generation;
        int nextPart;
        long version;

        Loading(Frame.InterestSnapshot first, Generation generation) {
            this.key = first.key();
            this.snapshotVersion = first.version();
            this.generation = generation;
            this.version = first.version();
        }
    }

    /** @param place the holder whose interest comes over this link; it is forgotten by {@link InterestTable#removeHolder} */
    public InterestSink(InterestTable table, Place place) {
        this.table = table;
        this.holder = table.register(place);
    }

    /** The link is up. The neighbour will send a summary. */
    public void onConnected() {
        connected = true;
        snapshotWanted = false;
    }

    /** The link is down: what the neighbour wants may change without our knowing. */
    public void onDisconnected() {
        connected = false;
        target = 0;
        dropLoading();
        table.current(holder, false);
    }

    /** The version installed; 0 if there is none. */
    public long version() {
        return version;
    }

    /** Whether the table has what the holder wants. */
    public boolean isCurrent() {
        return holder.isCurrent();
    }

    /** The neighbour says what its interest should look like. */
    public void onSummary(Frame.InterestSummary summary, Consumer<? super Frame> link) {
        if (ignores(summary.key())) {
            return;
        }
        if (loading != null && loading.key.equals(summary.key())) {
            acknowledge(summary.key(), 0, link);
        } else if (summary.key().boot() != boot) {
            wantSnapshot(summary.key(), link);
        } else if (summary.version() > version && !snapshotWanted) {
            target = summary.version();
            table.current(holder, false);
            acknowledge(summary.key(), version, link);
        } else if (summary.version() == version && summary.checksum() == table.installed(holder).checksum) {
            snapshotWanted = false;
            table.current(holder, true);
            acknowledge(summary.key(), version, link);
        } else {
            wantSnapshot(summary.key(), link);
        }
    }

    /** A part of a snapshot. */
    public void onSnapshot(Frame.InterestSnapshot part, Consumer<? super Frame> link) {
        if (ignores(part.key())) {
            return;
        }
        if (part.part() == 0) {
            beginLoading(part);
        }
        var to = loading;
        if (to == null
                || !to.key.equals(part.key())
                || to.snapshotVersion != part.version()
                || to.nextPart != part.part()) {
            wantSnapshotOnce(part.key(), link);
            return;
        }
        table.add(to.generation, part.entries());
        to.nextPart++;
        if (part.last()) {
            install(to);
            acknowledge(part.key(), version, link);
        } else {
            acknowledge(part.key(), 0, link);
        }
    }

    /** Changes between two versions. */
    public void onDelta(Frame.InterestDelta delta, Consumer<? super Frame> link) {
        if (ignores(delta.key())) {
            return;
        }
        var to = loading;
        if (to != null && to.key.equals(delta.key())) {
            if (delta.fromVersion() > to.version) {
                wantSnapshotOnce(delta.key(), link);
                return;
            }
            if (delta.toVersion() > to.version) {
                apply(to.generation, delta);
                to.version = delta.toVersion();
            }
            acknowledge(delta.key(), 0, link);
        } else if (delta.key().boot() != boot || delta.fromVersion() > version) {
            wantSnapshotOnce(delta.key(), link);
        } else {
            advance(delta, link);
        }
    }

    private void advance(Frame.InterestDelta delta, Consumer<? super Frame> link) {
        if (delta.toVersion() > version) {
            apply(table.installed(holder), delta);
            version = delta.toVersion();
        }
        if (snapshotWanted) {
            return; // Something older is wrong: acknowledging this would vouch for that too.
        }
        if (target != 0 && version >= target) {
            target = 0;
            table.current(holder, true);
        }
        acknowledge(delta.key(), version, link);
    }

    /** Additions first, so that an entry whose reach changes is never missing. */
    private void apply(Generation generation, Frame.InterestDelta delta) {
        table.add(generation, delta.added());
        table.remove(generation, delta.removed());
    }

    private void beginLoading(Frame.InterestSnapshot first) {
        dropLoading();
        snapshotWanted = false;
        target = 0;
        table.current(holder, false);
        loading = new Loading(first, table.open(holder));
    }

    private void install(Loading loaded) {
        table.install(loaded.generation);
        loading = null;
        boot = loaded.key.boot();
        version = loaded.version;
        table.current(holder, true);
    }

    private void dropLoading() {
        if (loading != null) {
            table.retire(loading.generation);
            loading = null;
        }
    }

    private void wantSnapshotOnce(InterestKey key, Consumer<? super Frame> link) {
        if (!snapshotWanted) {
            wantSnapshot(key, link);
        }
    }

    private void wantSnapshot(InterestKey key, Consumer<? super Frame> link) {
        dropLoading();
        snapshotWanted = true;
        target = 0;
        table.current(holder, false);
        link.accept(new Frame.InterestAck(key, key.boot() == boot ? version : 0, false));
    }

    private static void acknowledge(InterestKey key, long version, Consumer<? super Frame> link) {
        link.accept(new Frame.InterestAck(key, version, true));
    }

    /** Frames of another holder or an earlier boot, or that outlived their link. */
    private boolean ignores(InterestKey key) {
        var loadingBoot = loading == null ? 0 : loading.key.boot();
        return !connected || !key.holder().equals(holder.place()) || key.boot() < Math.max(boot, loadingBoot);
    }
}
