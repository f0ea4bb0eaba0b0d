package io.meridianmq.broker.claim;

import io.meridianmq.broker.codec.ProtocolException;
import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.codec.TopicCache;
import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.loop.Loops;
import io.meridianmq.broker.publish.Acceptance;
import io.meridianmq.broker.publish.PublishFlow;
import io.meridianmq.core.clock.HybridClock;
import io.meridianmq.core.link.DueWill;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.PublisherHash;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.publication.Will;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes due wills as if their clients did, each on a loop that follows from its client.
 *
 * <p>A will's identity is that of zone, client and connection, and its stamp was given when it was due; so it is the same
 * publication whoever publishes it. One that was refused for lack of room is reported so if doing it again does no harm:
 * at QoS 1, since what could be delivered has been.
 */
public final class WillFlow {

    private static final Logger log = LoggerFactory.getLogger(WillFlow.class);

    private static final int UNSPECIFIED_ERROR = 0x80;
    private static final int QUOTA_EXCEEDED = 0x97;

    private final Place zone;
    private final Loops loops;
    private final List<PublishFlow> flows;
    private final ClaimThread thread;

    /** @param flows of the loops, by their numbers */
    public WillFlow(Place zone, Loops loops, List<PublishFlow> flows, ClaimThread thread) {
        this.zone = zone;
        this.loops = loops;
        this.flows = List.copyOf(flows);
        this.thread = thread;
    }

    /** Publishes one, soon. For the claims' thread. */
    public void publish(DueWill will) {
        var loop = loops.get(Math.floorMod(will.clientId().hashCode(), loops.count()));
        thread.toLoops()
                .add(loop, () -> publish(will, loop), will.will().message().sizeBytes());
    }

    private void publish(DueWill due, Loop loop) {
        PublishFrame frame;
        try {
            frame = PublishFrame.ofCanonical(
                    Unpooled.wrappedBuffer(due.will().message().asByteBuffer()), new TopicCache());
        } catch (ProtocolException e) {
            log.error("the will of {} that another node handed on cannot be read: it is not published", due, e);
            report(due, true);
            return;
        }
        var publication = publication(due, frame);
        flows.get(loop.index())
                .publish(
                        publication, new Acceptance(loop::execute, reasonCode -> report(due, isDone(due, reasonCode))));
        publication.release();
    }

    private Publication publication(DueWill due, PublishFrame frame) {
        var will = due.will();
        return new Publication(
                new PublicationId(
                        PublisherHash.of(zone + "/" + due.clientId()),
                        due.number().epoch(),
                        due.number().counter()),
                due.stamp(),
                PublisherHash.of(due.clientId()),
                frame.topic(),
                will.qos(),
                will.retain(),
                will.messageExpirySeconds() == Will.NO_MESSAGE_EXPIRY
                        ? Publication.NEVER
                        : HybridClock.millisOf(due.stamp()) + will.messageExpirySeconds() * 1_000,
                frame);
    }

    private static boolean isDone(DueWill due, int reasonCode) {
        return due.will().qos() != Qos.AT_LEAST_ONCE
                || (reasonCode != QUOTA_EXCEEDED && reasonCode != UNSPECIFIED_ERROR);
    }

    private void report(DueWill due, boolean done) {
        try {
            thread.execute((claims, nowNanos) -> claims.onWillPublished(due, done, nowNanos));
        } catch (RejectedExecutionException e) {
            log.debug("a will was published after the end of the claims", e);
        }
    }
}
