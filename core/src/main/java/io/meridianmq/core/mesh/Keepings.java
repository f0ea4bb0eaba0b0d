package io.meridianmq.core.mesh;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.LaneKey;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.RecentPublications;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What lanes brought and sessions of this node have to write down, until they have: the frames that wait for it, of all lanes
 * that brought the same.
 *
 * <p>Entries are addressed by a token. Bounded by the windows of the lanes, and by {@link NodeOutlet#hasRoom}. Owned by the
 * thread that drives the node.
 */
final class Keepings {

    private record Arrival(LaneKey lane, long number) {}

    private static final class Keeping {
        private final PublicationId id;
        private final List<Arrival> arrivals = new ArrayList<>(1);

        Keeping(PublicationId id) {
            this.id = id;
        }
    }

    private final NodeLanes lanes;
    private final RecentPublications recent;
    private final Map<Long, Keeping> byToken = new HashMap<>();
    /** Those for all subscriptions that match. */
    private final Map<PublicationId, Keeping> byPublication = new HashMap<>();

    private long nextToken;

    Keepings(NodeLanes lanes, RecentPublications recent) {
        this.lanes = lanes;
        this.recent = recent;
    }

    /** The token of the next publication that is to be waited for. */
    long nextToken() {
        return nextToken;
    }

    /** Waits for what this frame brought, with the {@link #nextToken}. */
    void await(Frame.LaneData data) {
        var keeping = new Keeping(data.publication().id());
        byToken.put(nextToken++, keeping);
        if (!data.waybill().grantedOnly()) {
            byPublication.put(keeping.id, keeping);
        }
        join(data, keeping);
    }

    /** What this frame brought had come before; if it is waited for, the frame waits with it. */
    NodeOutlet.Custody joinRepeated(Frame.LaneData data) {
        var keeping = byPublication.get(data.publication().id());
        if (keeping == null) {
            return NodeOutlet.Custody.TAKEN;
        }
        join(data, keeping);
        return NodeOutlet.Custody.AWAITED;
    }

    private void join(Frame.LaneData data, Keeping keeping) {
        keeping.arrivals.add(new Arrival(data.lane(), data.number()));
        lanes.awaitKept(data);
    }

    /** It is kept. */
    void onKept(long token) {
        var keeping = close(token);
        byPublication.remove(keeping.id, keeping);
        for (var arrival : keeping.arrivals) {
            lanes.onKept(arrival.lane, arrival.number);
        }
    }

    /** It could not be kept: it is new when it comes again. */
    void onNotKept(long token) {
        var keeping = close(token);
        if (byPublication.remove(keeping.id, keeping)) {
            recent.forget(keeping.id);
        }
        for (var arrival : keeping.arrivals) {
            lanes.onNotKept(arrival.lane, arrival.number);
        }
    }

    /** Publications that are waited for. */
    int size() {
        return byToken.size();
    }

    private Keeping close(long token) {
        return Objects.requireNonNull(byToken.remove(token), () -> "nothing waits with token " + token);
    }
}
