package io.meridianmq.core.interest;

import io.meridianmq.core.link.Frame;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells one neighbour what a holder wants: a summary first, then deltas from where the neighbour is, or a snapshot. One
 * owner thread, the same as the {@link OwnInterest}'s.
 *
 * <pre>
 *   DOWN --connected: summary--> ASKING --ack of a known version--> DELTAS
 *                                  |                                  |
 *                                  +----not current, or too old----+  |  not current, or the log is too short
 *                                                                  v  v
 *             DELTAS <--last part, behind all changes so far--  SNAPSHOT --not current--> SNAPSHOT from its start
 * </pre>
 *
 * <p>A snapshot of millions takes a while: parts and deltas of what changes meanwhile take turns, so that the log need not
 * reach back for long, and the last part goes out when everything else has.
 *
 * <p>Every {@value #SUMMARY_SECONDS} s, and when the neighbour has been silent for {@value #SILENCE_SECONDS} s with
 * something unacknowledged, a summary asks where the neighbour is.
 *
 * <p><b>Limits.</b> At most {@value #DELTAS_IN_FLIGHT_MAX} deltas or {@value #PARTS_IN_FLIGHT_MAX} frames of a snapshot
 * are unacknowledged; further changes wait in the holder's log, and become a snapshot if it is too short. Snapshots begin
 * at most once a second.
 */
public final class InterestSource {

    static final int SUMMARY_SECONDS = 30;
    static final int SILENCE_SECONDS = 2;
    static final int DELTAS_IN_FLIGHT_MAX = 8;
    static final int PARTS_IN_FLIGHT_MAX = 4;
    static final int PART_BYTES_MAX = 128 << 10;

    private static final long SUMMARY_NANOS = TimeUnit.SECONDS.toNanos(SUMMARY_SECONDS);
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(SILENCE_SECONDS);
    private static final long SNAPSHOT_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private enum State {
        DOWN,
        ASKING,
        DELTAS,
        SNAPSHOT
    }

    private final OwnInterest own;
    private State state = State.DOWN;
    /** The version that the neighbour will have once it has what was sent. */
    private long sentVersion;
    /** 0 if nothing is known. */
    private long acknowledgedVersion;
    /** Versions that deltas on the way lead to. */
    private final ArrayDeque<Long> deltasInFlight = new ArrayDeque<>();

    /** Null unless in SNAPSHOT, and there until the snapshot may begin. */
    private @Nullable SnapshotParts parts;

    /** Parts, and deltas between them, that the neighbour has not answered. */
    private int partsInFlight;
    /** Whether a delta may come before the next part. */
    private boolean deltasTurn;
    /** A summary is unanswered, so an acknowledgement below what was sent says where the neighbour is. */
    private boolean asked;

    private long heardNanos;
    private long summaryNanos;
    private long snapshotNanos;
    private boolean snapshotBefore;
    private long snapshots;

    public InterestSource(OwnInterest own) {
        this.own = own;
    }

    /** The link is up; what the neighbour has is not known, it may be another process. */
    public void onConnected(long nowNanos, Consumer<? super Frame> link) {
        clearProgress();
        sentVersion = 0;
        acknowledgedVersion = 0;
        snapshotBefore = false;
        state = State.ASKING;
        heardNanos = nowNanos;
        ask(nowNanos, link);
    }

    /** The link is down. What the neighbour acknowledged stands until the link is up again. */
    public void onDisconnected() {
        clearProgress();
        state = State.DOWN;
    }

    /**
     * The highest version whose entries the neighbour is known to have; 0 if none is. A filter is visible at the neighbour
     * when this has come to the holder's version after it was added.
     */
    public long acknowledgedVersion() {
        return acknowledgedVersion;
    }

    /** How many snapshots were begun. */
    public long snapshots() {
        return snapshots;
    }

    /** Sends what changed, as far as the limits allow. Call it after changes, once for each batch. */
    public void flush(long nowNanos, Consumer<? super Frame> link) {
        switch (state) {
            case DOWN, ASKING -> {}
            case DELTAS -> flushDeltas(nowNanos, link);
            case SNAPSHOT -> flushSnapshot(nowNanos, link);
        }
    }

    /** The timers. Call it at least every 100 ms. */
    public void onTick(long nowNanos, Consumer<? super Frame> link) {
        if (state == State.DOWN) {
            return;
        }
        flush(nowNanos, link);
        var silent = awaitsAnswer() && nowNanos - heardNanos >= SILENCE_NANOS;
        if (silent || (state == State.DELTAS && nowNanos - summaryNanos >= SUMMARY_NANOS)) {
            heardNanos = nowNanos;
            ask(nowNanos, link);
        }
    }

    /** The neighbour says what it has. */
    public void onAck(Frame.InterestAck ack, long nowNanos, Consumer<? super Frame> link) {
        if (state == State.DOWN || !ack.key().equals(own.key())) {
            return;
        }
        heardNanos = nowNanos;
        if (!ack.current()) {
            acknowledgedVersion = 0;
            beginSnapshot();
        } else if (ack.version() == 0) {
            onLoading();
        } else {
            onVersion(ack.version());
        }
        flush(nowNanos, link);
    }

    /** The neighbour is in the middle of a snapshot and has taken in one more frame. */
    private void onLoading() {
        switch (state) {
            case DOWN -> {}
            case ASKING -> beginSnapshot();
            case SNAPSHOT -> {
                asked = false;
                partsInFlight = Math.max(0, partsInFlight - 1);
            }
            case DELTAS -> {
                // Usually about parts before the last one; but if this answers a summary, the last one is lost.
                if (asked) {
                    beginSnapshot();
                }
            }
        }
    }

    private void onVersion(long version) {
        switch (state) {
            case DOWN -> {}
            case ASKING -> startFrom(version);
            case DELTAS -> {
                if (version > own.version()) {
                    beginSnapshot();
                } else if (asked && version < sentVersion) {
                    startFrom(version);
                } else {
                    acknowledge(version);
                }
            }
            case SNAPSHOT -> {
                // Late, about what came before the snapshot; unless this answers a summary: then its beginning is lost.
                if (asked) {
                    beginSnapshot();
                }
            }
        }
    }

    private void acknowledge(long version) {
        acknowledgedVersion = Math.max(acknowledgedVersion, version);
        asked = asked && version < sentVersion;
        while (!deltasInFlight.isEmpty() && deltasInFlight.getFirst() <= version) {
            deltasInFlight.removeFirst();
        }
    }

    /** Goes on from a version that the neighbour has. */
    private void startFrom(long version) {
        asked = false;
        deltasInFlight.clear();
        if (version > own.version() || !own.reaches(version)) {
            beginSnapshot();
            return;
        }
        state = State.DELTAS;
        sentVersion = version;
        acknowledgedVersion = Math.max(acknowledgedVersion, version);
    }

    private void beginSnapshot() {
        clearProgress();
        state = State.SNAPSHOT;
    }

    private void clearProgress() {
        parts = null;
        partsInFlight = 0;
        asked = false;
        deltasInFlight.clear();
    }

    private void flushDeltas(long nowNanos, Consumer<? super Frame> link) {
        while (sentVersion < own.version() && deltasInFlight.size() < DELTAS_IN_FLIGHT_MAX) {
            if (!own.reaches(sentVersion)) {
                beginSnapshot();
                flushSnapshot(nowNanos, link);
                return;
            }
            startWaiting(nowNanos);
            sendDelta(link);
            deltasInFlight.addLast(sentVersion);
        }
    }

    private void flushSnapshot(long nowNanos, Consumer<? super Frame> link) {
        var sending = parts;
        if (sending == null || !own.reaches(sentVersion)) {
            if (snapshotBefore && nowNanos - snapshotNanos < SNAPSHOT_INTERVAL_NANOS) {
                return;
            }
            sending = startParts(nowNanos);
        }
        while (partsInFlight < PARTS_IN_FLIGHT_MAX) {
            startWaiting(nowNanos);
            partsInFlight++;
            if (deltasTurn && sentVersion < own.version()) {
                deltasTurn = false;
                sendDelta(link);
                continue;
            }
            deltasTurn = true;
            var part = sending.next();
            if (part.last()) {
                endSnapshot(part, nowNanos, link);
                return;
            }
            link.accept(part);
        }
    }

    private SnapshotParts startParts(long nowNanos) {
        var started = own.snapshot(PART_BYTES_MAX);
        parts = started;
        partsInFlight = 0;
        deltasTurn = false;
        sentVersion = started.version();
        snapshotNanos = nowNanos;
        snapshotBefore = true;
        snapshots++;
        return started;
    }

    /** Sends what else changed, and then the last part, so that the neighbour is exact when it has that. */
    private void endSnapshot(Frame.InterestSnapshot last, long nowNanos, Consumer<? super Frame> link) {
        while (sentVersion < own.version()) {
            sendDelta(link);
        }
        link.accept(last);
        state = State.DELTAS;
        parts = null;
        partsInFlight = 0;
        deltasInFlight.addLast(sentVersion);
        summaryNanos = nowNanos;
    }

    private void sendDelta(Consumer<? super Frame> link) {
        var delta = own.deltaAfter(sentVersion);
        sentVersion = delta.toVersion();
        link.accept(delta);
    }

    private boolean awaitsAnswer() {
        return state == State.ASKING || asked || partsInFlight > 0 || !deltasInFlight.isEmpty();
    }

    /** The silence is counted from the first frame that waits for an answer. */
    private void startWaiting(long nowNanos) {
        if (!awaitsAnswer()) {
            heardNanos = nowNanos;
        }
    }

    private void ask(long nowNanos, Consumer<? super Frame> link) {
        summaryNanos = nowNanos;
        asked = true;
        link.accept(own.summary());
    }
}
