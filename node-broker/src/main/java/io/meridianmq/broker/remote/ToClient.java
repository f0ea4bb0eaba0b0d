package io.meridianmq.broker.remote;

import com.google.common.primitives.ImmutableIntArray;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.session.CloseReason;
import io.meridianmq.topic.TopicFilter;
import java.util.List;

/** What a session has for its client, said to the client's front. */
public sealed interface ToClient permits Acknowledgement, ToClient.ForConnection, ToClient.ForClient {

    /** Something that the connection deals with. */
    sealed interface ForConnection extends ToClient {}

    /** A packet for the client. */
    sealed interface ForClient extends ToClient {}

    /** The session is open: the first that is said, unless it is a refusal. */
    record Opened(boolean sessionPresent, long sessionExpirySeconds) implements ForConnection {}

    /** The session cannot be opened. Nothing follows. */
    record Refuse(ReasonCode reasonCode) implements ForConnection {}

    /**
     * A message.
     *
     * @param publication has no identity, stamp and publisher once it has arrived. Who has read it owes a release
     * @param packetIdentifier 0 at QoS 0
     */
    record Deliver(
            Publication publication,
            Qos qos,
            int packetIdentifier,
            boolean duplicate,
            boolean retain,
            ImmutableIntArray subscriptionIdentifiers)
            implements ForClient {}

    record SubAck(int packetIdentifier, List<ReasonCode> reasonCodes) implements ForClient {

        public SubAck {
            reasonCodes = List.copyOf(reasonCodes);
        }
    }

    record UnsubAck(int packetIdentifier, List<ReasonCode> reasonCodes) implements ForClient {

        public UnsubAck {
            reasonCodes = List.copyOf(reasonCodes);
        }
    }

    /** A packet of the client that counts as read ahead has been dealt with. */
    record DealtWith(int packetBytes) implements ForConnection {}

    /**
     * What the session has subscribed to; the answer to {@link ToSession.AskFilters}, in parts if it is much.
     *
     * @param endsConnection as it was asked
     */
    record Filters(List<TopicFilter> filters, boolean isLastPart, boolean endsConnection) implements ForConnection {

        public Filters {
            filters = List.copyOf(filters);
        }
    }

    /** The session has no more to do with the connection, which ends. Nothing follows. */
    record Close(CloseReason reason) implements ForConnection {}
}
