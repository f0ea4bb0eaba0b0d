package io.meridianmq.broker.front;

import io.meridianmq.broker.access.Access;
import io.meridianmq.broker.access.AccessConfig.Mqtt3DeniedPublish;
import io.meridianmq.broker.access.ClientRights;
import io.meridianmq.broker.access.Denial;
import io.meridianmq.broker.access.User;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.packet.SubscribePacket;
import io.meridianmq.broker.packet.Subscription;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Keeps one client within its rights, and counts when it is not. Belongs to the connection's loop. */
final class Guard {

    private final Access access;
    private final ClientRights rights;

    /** @param user who the client has proved to be */
    Guard(Access access, String clientId, Optional<User> user) {
        this.access = access;
        this.rights = new ClientRights(access, clientId, user);
    }

    ClientRights rights() {
        return rights;
    }

    /** Whether the client may have such a will. */
    boolean allowsWill(String topic) {
        return rights.mayPublish(topic) || denied(Denial.WILL);
    }

    boolean allowsPublish(String topic) {
        return rights.mayPublish(topic) || denied(Denial.PUBLISH);
    }

    /** Whether a denied publish that waits for an answer gets the end of the connection instead. */
    boolean closesOnDeniedPublish(ProtocolVersion version) {
        return !version.hasProperties() && access.mqtt3DeniedPublish() == Mqtt3DeniedPublish.CLOSE;
    }

    /** One for each subscription: success, or why it is refused. */
    List<ReasonCode> verdicts(SubscribePacket packet) {
        if (!rights.areLimited()) {
            return Collections.nCopies(packet.subscriptions().size(), ReasonCode.SUCCESS);
        }
        return packet.subscriptions().stream().map(this::verdict).toList();
    }

    private ReasonCode verdict(Subscription wanted) {
        return rights.maySubscribe(wanted.topicFilter()) || denied(Denial.SUBSCRIBE)
                ? ReasonCode.SUCCESS
                : Denial.SUBSCRIBE.reasonCode();
    }

    /** Counts that something was revoked. */
    void revoked() {
        denied(Denial.REVOKED);
    }

    private boolean denied(Denial denial) {
        access.denied(denial);
        return false;
    }
}
