package io.meridianmq.broker.publish;

import io.meridianmq.broker.loop.HandOff;
import io.meridianmq.core.publication.Publication;
import java.util.concurrent.Executor;

/** Messages that other nodes' publishers sent, on their way to this node's sessions. Belongs to the mesh thread. */
public final class Arrivals {

    private final Fanout fanout;
    private final HandOff handOff;
    private final Executor meshThread;

    public Arrivals(Fanout fanout, HandOff handOff, Executor meshThread) {
        this.fanout = fanout;
        this.handOff = handOff;
        this.meshThread = meshThread;
    }

    /**
     * Delivers a message to the sessions of this node, at the latest after {@link #flush}.
     *
     * @param publication borrowed for the call
     * @param route which shared subscriptions this node serves
     * @param onPlaced run on the mesh thread when all matching sessions have it
     */
    public void deliver(Publication publication, Route route, Runnable onPlaced) {
        var acceptance = new Acceptance(meshThread, _ -> onPlaced.run());
        fanout.deliver(publication, route, acceptance);
        acceptance.complete(0);
    }

    /** Hands over what has been delivered since the last time: to be called once per batch of frames. */
    public void flush() {
        handOff.flush();
    }
}
