package io.meridianmq.core.mesh;

import io.meridianmq.core.interest.InterestSink;
import io.meridianmq.core.interest.InterestSource;
import io.meridianmq.core.interest.InterestTable;
import io.meridianmq.core.interest.OwnInterest;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.place.Place;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * One component's side of the exchange of exact interest with all its neighbours.
 *
 * <p>Which neighbours tell this component what they want, and which are told what it wants, is fixed by their places: the
 * nodes of a zone tell each other and their gateway, a zone gateway tells its region's. Owned by the thread that drives the
 * component.
 */
final class InterestExchange {

    private final OwnInterest own;
    private final InterestTable table;
    private final Outlet outlet;
    private final Map<Place, InterestSource> told = new HashMap<>();
    private final Map<Place, InterestSink> heard = new HashMap<>();
    private final Set<Place> connected = new TreeSet<>();
    private boolean speaking;
    private long lastTickNanos;

    InterestExchange(OwnInterest own, InterestTable table, Outlet outlet) {
        this.own = own;
        this.table = table;
        this.outlet = outlet;
    }

    /**
     * A link is up.
     *
     * @param hears whether the neighbour tells what it wants
     * @param tells whether the neighbour is told what this component wants
     */
    void onLinkUp(Place neighbour, boolean hears, boolean tells, long nowNanos) {
        connected.add(neighbour);
        if (hears) {
            heard.computeIfAbsent(neighbour, place -> new InterestSink(table, place))
                    .onConnected();
        }
        if (tells) {
            var source = told.computeIfAbsent(neighbour, place -> new InterestSource(own));
            if (speaking) {
                source.onConnected(nowNanos, to(neighbour));
            }
        }
    }

    void onLinkDown(Place neighbour) {
        connected.remove(neighbour);
        var sink = heard.get(neighbour);
        if (sink != null) {
            sink.onDisconnected();
        }
        var source = told.get(neighbour);
        if (source != null) {
            source.onDisconnected();
        }
    }

    /** A component left the view, and may come back: what it was told is forgotten, what it wanted is kept. */
    void leave(Place neighbour) {
        onLinkDown(neighbour);
        told.remove(neighbour);
    }

    /** A component left the view: what it wanted is forgotten, and what it was told. */
    void forget(Place neighbour) {
        onLinkDown(neighbour);
        told.remove(neighbour);
        if (heard.remove(neighbour) != null) {
            table.removeHolder(neighbour);
        }
    }

    /** From now on neighbours are told; before, this component does not know enough to replace what they have of it. */
    void startSpeaking(long nowNanos) {
        if (speaking) {
            return;
        }
        speaking = true;
        told.forEach((neighbour, source) -> {
            if (connected.contains(neighbour)) {
                source.onConnected(nowNanos, to(neighbour));
            }
        });
    }

    boolean isSpeaking() {
        return speaking;
    }

    void onSnapshot(Place from, Frame.InterestSnapshot snapshot) {
        var sink = heard.get(from);
        if (sink != null) {
            sink.onSnapshot(snapshot, to(from));
        }
    }

    void onDelta(Place from, Frame.InterestDelta delta) {
        var sink = heard.get(from);
        if (sink != null) {
            sink.onDelta(delta, to(from));
        }
    }

    void onSummary(Place from, Frame.InterestSummary summary) {
        var sink = heard.get(from);
        if (sink != null) {
            sink.onSummary(summary, to(from));
        }
    }

    void onAck(Place from, Frame.InterestAck ack, long nowNanos) {
        var source = told.get(from);
        if (source != null && speaking) {
            source.onAck(ack, nowNanos, to(from));
        }
    }

    /** Sends what changed since the last call, and what timers ask for. Call it after each batch of events. */
    void flush(long nowNanos) {
        if (speaking) {
            told.forEach((neighbour, source) -> source.onTick(nowNanos, to(neighbour)));
        }
        var elapsedMillis = (nowNanos - lastTickNanos) / 1_000_000;
        if (elapsedMillis >= UPKEEP_INTERVAL_MILLIS) {
            lastTickNanos = nowNanos;
            table.upkeep(UPKEEP_SEGMENTS);
        }
    }

    /** The version that a neighbour is known to have. */
    long acknowledgedBy(Place neighbour) {
        var source = told.get(neighbour);
        return source == null ? 0 : source.acknowledgedVersion();
    }

    boolean isCurrent(Place neighbour) {
        var sink = heard.get(neighbour);
        return sink != null && sink.isCurrent();
    }

    private Consumer<Frame> to(Place neighbour) {
        return frame -> outlet.send(neighbour, frame);
    }

    private static final int UPKEEP_INTERVAL_MILLIS = 100;
    /** A fortieth of the table at each tenth of a second: all of it within four seconds. */
    private static final int UPKEEP_SEGMENTS = InterestTable.UPKEEP_SEGMENTS / 40 + 1;
}
