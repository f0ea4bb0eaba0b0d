package io.meridianmq.broker.remote;

import com.google.common.primitives.ImmutableIntArray;
import io.meridianmq.broker.packet.PublishPacket;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.packet.SubscribePacket;
import io.meridianmq.broker.packet.UnsubscribePacket;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.publication.Will;
import io.meridianmq.core.session.CloseReason;
import io.meridianmq.core.session.Departure;
import io.meridianmq.core.session.Opening;
import io.meridianmq.topic.TopicFilter;
import java.util.List;
import java.util.Optional;

/** What the front of a client tells its session: the client's packets, and what becomes of the connection. */
public sealed interface ToSession
        permits Acknowledgement, ToSession.OfConnection, ToSession.OfClient, ToSession.Bequeath {

    /** What the connection itself has to say. */
    sealed interface OfConnection extends ToSession {}

    /** A packet of the client. */
    sealed interface OfClient extends ToSession {}

    /**
     * Opens the session: the first that is said over every connection.
     *
     * @param continues whether a session that is there may go on
     * @param number of the connection
     * @param will what is published if the client is lost
     * @param view the connection as an operator sees it
     */
    record Attach(
            String clientId,
            Opening opening,
            boolean continues,
            ConnectionNumber number,
            Optional<Will> will,
            Answer.ConnectionView view)
            implements OfConnection {}

    /** A PUBLISH with its topic resolved. Who has it owes a release of the packet. */
    record Publish(PublishPacket packet, int packetBytes) implements OfClient {}

    /** A PUBLISH of QoS 1 or 2 that is not to be made, and why. */
    record RefusePublish(Qos qos, int packetIdentifier, ReasonCode reasonCode, int packetBytes) implements OfClient {}

    /**
     * A SUBSCRIBE.
     *
     * @param verdicts one for each of its subscriptions: success, or why it is refused already
     */
    record Subscribe(SubscribePacket packet, List<ReasonCode> verdicts, int packetBytes) implements OfClient {

        public Subscribe {
            verdicts = List.copyOf(verdicts);
        }
    }

    record Unsubscribe(UnsubscribePacket packet) implements OfClient {}

    /** The connection took so many bytes of messages. */
    record Credit(long bytes) implements OfConnection {}

    /** A message was too large for the client and was not sent. 0 as identifier at QoS 0. */
    record TooLarge(int packetIdentifier) implements OfConnection {}

    /**
     * What has the session subscribed to? Its client's rights may not allow all of it.
     *
     * @param endsConnection whether the connection ends if so
     */
    record AskFilters(boolean endsConnection) implements OfConnection {}

    /**
     * Ends subscriptions.
     *
     * @param endsConnection whether the connection ends as well, since the client may not have all it had
     */
    record Withdraw(List<TopicFilter> filters, boolean endsConnection) implements OfConnection {

        public Withdraw {
            filters = List.copyOf(filters);
        }
    }

    /** The connection is not the client's any more; the session is over as well if {@code ends}. Nothing follows. */
    record Expelled(CloseReason reason, boolean ends) implements OfConnection {}

    /**
     * A message that waits in another session of the client, which is over: this session gets it as if it had been published
     * now. Said over a connection of its own, without {@link Attach}; answered with PUBACK when it is kept, or with {@link
     * ToClient.Refuse} if the client has no session here, or {@link ToClient.Close} if there is no room now.
     *
     * @param qos that of its delivery
     * @param packetIdentifier by which it is answered; 0 at QoS 0
     */
    record Bequeath(
            String clientId,
            Publication publication,
            Qos qos,
            int packetIdentifier,
            ImmutableIntArray subscriptionIdentifiers)
            implements ToSession {}

    /** The connection is over. Nothing follows. */
    record Gone(Departure departure) implements OfConnection {}
}
