package io.meridianmq.control;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.place.Place;
import io.meridianmq.proto.admin.v1.ClientConnection;
import io.meridianmq.proto.admin.v1.ClientSubscription;
import io.meridianmq.proto.admin.v1.Session;

/** Clients in the words of the admin interface. Any thread may call. */
final class ClientMessages {

    private static final long FOR_EVER = 0xFFFF_FFFFL;

    private ClientMessages() {}

    /** A client's session as the owner of its slot knows it. */
    static Session session(String clientId, int slot, Place owner, Answer.ClaimView claim) {
        var session = Session.newBuilder()
                .setNode(claim.node().toString())
                .setClientId(clientId)
                .setConnected(claim.isConnected())
                .setConnectionNumber(claim.number().toString())
                .setSlot(slot)
                .setOwner(owner.toString());
        if (!claim.isConnected()) {
            session.setAway(duration(claim.awayMillis()));
        }
        if (claim.expirySeconds() != FOR_EVER) {
            session.setExpiry(seconds(claim.expirySeconds()));
        }
        claim.willDelaySeconds().ifPresent(delay -> session.setWillDelay(seconds(delay)));
        return session.build();
    }

    /** The same session with what its node knows of it. */
    static Session with(Session known, Answer.SessionView view) {
        var session = known.toBuilder()
                .setSubscriptionCount(view.subscriptions())
                .setQueued(view.queued())
                .setInFlight(view.inFlight());
        view.connection().ifPresent(connection -> session.setConnection(connection(connection)));
        for (var subscription : view.someSubscriptions()) {
            session.addSubscriptions(ClientSubscription.newBuilder()
                    .setFilter(subscription.filter())
                    .setMaximumQos(subscription.maximumQos().value()));
        }
        return session.build();
    }

    private static ClientConnection connection(Answer.ConnectionView view) {
        var connection = ClientConnection.newBuilder()
                .setSince(since(view.sinceMillis()))
                .setAddress(view.address())
                .setProtocol(view.protocol())
                .setUserName(view.userName());
        if (view.keepAliveSeconds() > 0) {
            connection.setKeepAlive(seconds(view.keepAliveSeconds()));
        }
        return connection.build();
    }

    private static Timestamp since(long millis) {
        return Timestamp.newBuilder()
                .setSeconds(Math.floorDiv(millis, 1_000L))
                .setNanos(Math.floorMod(millis, 1_000) * 1_000_000)
                .build();
    }

    private static Duration duration(long millis) {
        return Duration.newBuilder()
                .setSeconds(millis / 1_000)
                .setNanos((int) (millis % 1_000) * 1_000_000)
                .build();
    }

    private static Duration seconds(long seconds) {
        return Duration.newBuilder().setSeconds(seconds).build();
    }
}
