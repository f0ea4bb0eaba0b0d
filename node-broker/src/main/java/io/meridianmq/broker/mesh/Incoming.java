package io.meridianmq.broker.mesh;

import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.loop.Loops;
import io.meridianmq.broker.publish.Acceptance;
import io.meridianmq.broker.publish.Fanout;
import io.meridianmq.broker.publish.Stamps;
import io.meridianmq.core.link.GroupGrant;
import io.meridianmq.core.mesh.NodeOutlet.Custody;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.route.Destinations;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/**
 * Hands what the mesh brings to this node's sessions, and tells the mesh what durable ones have written down. Belongs to the mesh
 * thread.
 *
 * <p>While as much as may waits for the disk, {@link #hasRoom} says no, and lanes to this node wait.
 */
final class Incoming {

    /** Bytes that wait for the disk at most, and the message that goes beyond: less than one loop's batch may have. */
    private static final long UNKEPT_BYTES_MAX = 16L << 20;

    private static final int UNKEPT_MAX = 65_536;

    private final Loops loops;
    private final Fanout fanout;
    private final Stamps stamps;
    private final InstantSource clock;
    private final Keeper keeper;
    private final Supplier<Acceptance> expectKept = this::expectKept;

    /** Of the delivery under way. */
    private long token;

    private int sizeBytes;

    private int unkept;
    private long unkeptBytes;

    /** Hears what became of deliveries that were {@link Custody#AWAITED}. */
    @FunctionalInterface
    interface Keeper {
        void onKept(long token, boolean isKept);
    }

    /** @param keeper called on the mesh thread */
    Incoming(Loops loops, Fanout fanout, Stamps stamps, InstantSource clock, Keeper keeper) {
        this.loops = loops;
        this.fanout = fanout;
        this.stamps = stamps;
        this.clock = clock;
        this.keeper = keeper;
    }

    /** @param deliveryToken what the keeper is told, if the result is {@link Custody#AWAITED} */
    Custody deliver(Publication publication, List<GroupGrant> granted, Fanout.Audience audience, long deliveryToken) {
        stamps.arrived(publication.timestamp(), clock.millis());
        token = deliveryToken;
        sizeBytes = publication.bytes().sizeBytes();
        var route = new ClusterRoute(Destinations.NONE, granted);
        return fanout.deliverArrived(publication, route, audience, expectKept) ? Custody.AWAITED : Custody.TAKEN;
    }

    boolean hasRoom() {
        return unkept < UNKEPT_MAX
                && unkeptBytes < UNKEPT_BYTES_MAX
                && loops.all().stream().noneMatch(Loop::isFlooded);
    }

    private Acceptance expectKept() {
        var awaited = token;
        var bytes = sizeBytes;
        unkept++;
        unkeptBytes += bytes;
        return new Acceptance(Runnable::run, reasonCode -> {
            unkept--;
            unkeptBytes -= bytes;
            keeper.onKept(awaited, reasonCode == 0);
        });
    }
}
