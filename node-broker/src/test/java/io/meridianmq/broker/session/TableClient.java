package io.meridianmq.broker.session;

import com.google.common.primitives.ImmutableIntArray;
import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.packet.SubscribePacket;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.session.CloseReason;
import io.meridianmq.core.session.Departure;
import io.meridianmq.core.session.Opening;
import io.meridianmq.topic.TopicFilter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A client of a {@link TableNode}: acknowledges what it gets, and tells in words what that was. */
final class TableClient implements ClientPort {

    private final Loop loop;
    private final String clientId;
    private final List<String> got = new ArrayList<>();
    private final Set<Integer> exactlyOnce = new HashSet<>();
    private Patience patience = Patience.TO_THE_END;

    @SuppressWarnings("NullAway.Init") // Set when the session is asked for.
    private SessionProxy session;

    /** How far it goes with what it gets. */
    enum Patience {
        ACKNOWLEDGES_NOTHING,
        UP_TO_PUBREC,
        TO_THE_END
    }

    TableClient(Loop loop, String clientId) {
        this.loop = loop;
        this.clientId = clientId;
    }

    TableClient open(SessionProxy.Here here, Incarnation home, ConnectionNumber number, long expirySeconds) {
        var request = new SessionRequest(
                clientId, new Opening(false, expirySeconds, 100, 100), true, number, Optional.empty(), home);
        loop.execute(() -> session = SessionProxy.open(here, home, this, request));
        return this;
    }

    TableClient with(Patience newPatience) {
        patience = newPatience;
        return this;
    }

    TableClient subscribe(String filter, Qos qos) {
        var wanted = new io.meridianmq.broker.packet.Subscription(TopicFilter.of(filter), qos);
        var packet = new SubscribePacket(1, List.of(wanted), 0, List.of());
        loop.execute(() -> session.subscribe(packet, List.of(ReasonCode.SUCCESS), 0));
        return this;
    }

    void drop() {
        loop.execute(() -> session.gone(Departure.LOST));
    }

    /** What it got since the last time. */
    List<String> received() {
        var all = List.copyOf(got);
        got.clear();
        return all;
    }

    @Override
    public void opened(boolean sessionPresent, long sessionExpirySeconds) {
        got.add(sessionPresent ? "session present" : "new session");
    }

    @Override
    public void refuse(ReasonCode reasonCode) {
        got.add("refused " + reasonCode);
    }

    @Override
    public boolean hasRoom() {
        return true;
    }

    @Override
    public boolean deliver(
            Publication publication,
            Qos qos,
            int packetIdentifier,
            boolean duplicate,
            boolean retain,
            ImmutableIntArray subscriptionIdentifiers) {
        got.add(publication.topic() + " qos" + qos.value() + (duplicate ? " dup" : ""));
        if (qos == Qos.EXACTLY_ONCE) {
            exactlyOnce.add(packetIdentifier);
        }
        if (patience != Patience.ACKNOWLEDGES_NOTHING) {
            // Later, as any answer of a client.
            loop.execute(() -> {
                if (exactlyOnce.contains(packetIdentifier)) {
                    session.pubRec(packetIdentifier, ReasonCode.SUCCESS);
                } else {
                    session.pubAck(packetIdentifier);
                }
            });
        }
        return true;
    }

    @Override
    public void sendPubRel(int packetIdentifier, int reasonCode) {
        if (patience == Patience.TO_THE_END) {
            exactlyOnce.remove(packetIdentifier);
            loop.execute(() -> session.pubComp(packetIdentifier));
        }
    }

    @Override
    public void close(CloseReason reason) {
        got.add("closed " + reason);
    }

    @Override
    public void sendPubAck(int packetIdentifier, int reasonCode) {
        got.add("PUBACK #" + packetIdentifier);
    }

    @Override
    public void sendPubRec(int packetIdentifier, int reasonCode) {
        got.add("PUBREC #" + packetIdentifier);
    }

    @Override
    public void sendPubComp(int packetIdentifier, int reasonCode) {
        got.add("PUBCOMP #" + packetIdentifier);
    }

    @Override
    public void sendSubAck(int packetIdentifier, List<ReasonCode> reasonCodes) {
        got.add("SUBACK " + reasonCodes);
    }

    @Override
    public void sendUnsubAck(int packetIdentifier, List<ReasonCode> reasonCodes) {
        got.add("UNSUBACK " + reasonCodes);
    }

    @Override
    public void dealtWith(int packetBytes) {
        // It sends as fast as it likes.
    }

    @Override
    public Answer.ConnectionView view() {
        return new Answer.ConnectionView(0, "test", "test", 0, "");
    }
}
