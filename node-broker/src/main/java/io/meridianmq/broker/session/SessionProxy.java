package io.meridianmq.broker.session;

import io.meridianmq.broker.loop.HandOff;
import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.packet.PublishPacket;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.packet.SubscribePacket;
import io.meridianmq.broker.packet.UnsubscribePacket;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.session.CloseReason;
import io.meridianmq.core.session.Departure;
import io.meridianmq.topic.TopicFilter;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A connection's way to its session; what goes over it arrives in order. Belongs to the connection's loop. */
public sealed interface SessionProxy permits LocalSession, RemoteSession {

    /**
     * The loop that a connection is on, and its way to others.
     *
     * @param remotes its way to other nodes, if the node has any
     */
    record Here(Loop loop, HandOff handOff, SessionTables tables, HandOffs handOffs, Optional<RemoteSessions> remotes) {

        /** How long a session outlives its connection whose client asks for {@code wanted}. */
        public long expirySeconds(long wanted) {
            return tables.expirySeconds(wanted);
        }
    }

    /** The ways out of each loop. */
    @FunctionalInterface
    interface HandOffs {
        HandOff of(Loop loop);
    }

    /**
     * Opens a session for a client whose connection has been granted. The answer is {@link ClientPort#opened} or {@link
     * ClientPort#refuse}, possibly during this call.
     *
     * @param home the node that has the session, or is to have it
     */
    static SessionProxy open(Here here, Incarnation home, ClientPort connection, SessionRequest request) {
        return here.remotes()
                .filter(remotes -> remotes.isElsewhere(home))
                .map(remotes -> remotes.open(home, connection, request))
                .orElseGet(() -> LocalSession.open(here, connection, request));
    }

    /** A PUBLISH with its topic resolved; its frame passes to this call. */
    void publish(PublishPacket packet, int packetBytes);

    /** A PUBLISH of QoS 1 or 2 that is not to be made: it is answered with the reason, in its turn. */
    void refusePublish(Qos qos, int packetIdentifier, ReasonCode reasonCode, int packetBytes);

    /**
     * A SUBSCRIBE.
     *
     * @param verdicts one for each of its subscriptions: success, or why it is refused already
     */
    void subscribe(SubscribePacket packet, List<ReasonCode> verdicts, int packetBytes);

    /** Withdraws what the session has subscribed to and may not have; for a client that has just connected. */
    void keepSubscriptions(Predicate<TopicFilter> allowed);

    /** Withdraws what the session has subscribed to and may not have any more; if that is any, the connection is closed. */
    void rightsChanged(Predicate<TopicFilter> allowed);

    void unsubscribe(UnsubscribePacket packet);

    void pubAck(int packetIdentifier);

    void pubRec(int packetIdentifier, ReasonCode reasonCode);

    void pubRel(int packetIdentifier);

    void pubComp(int packetIdentifier);

    /** The connection takes messages again. */
    void room();

    /** The connection is not the client's any more; the session is over as well if {@code ends}. */
    void expelled(CloseReason reason, boolean ends);

    /** The connection is over. Nothing may be called after. */
    void gone(Departure departure);
}
