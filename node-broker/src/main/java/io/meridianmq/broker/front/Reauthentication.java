package io.meridianmq.broker.front;

import io.meridianmq.broker.access.Access;
import io.meridianmq.broker.access.ClientRights;
import io.meridianmq.broker.access.Denial;
import io.meridianmq.broker.access.ScramExchange;
import io.meridianmq.broker.access.ScramExchange.Step;
import io.meridianmq.broker.access.User;
import io.meridianmq.broker.packet.AuthPacket;
import io.meridianmq.broker.packet.Authentication;
import io.meridianmq.broker.packet.ReasonCode;
import org.jspecify.annotations.Nullable;

/**
 * How a client that is connected proves again who it is, whenever it wants to (MQTT 5, section 4.12.1). Meanwhile everything
 * else goes on by what it proved before. Belongs to the connection's loop.
 */
final class Reauthentication {

    private final Connection connection;
    private final Access access;
    private final ClientRights rights;
    private final String method;
    private @Nullable ScramExchange exchange;
    private long sinceNanos;

    /** @param method of CONNECT */
    Reauthentication(Connection connection, Access access, ClientRights rights, String method) {
        this.connection = connection;
        this.access = access;
        this.rights = rights;
        this.method = method;
    }

    /** An AUTH after CONNACK. */
    void onAuth(AuthPacket packet, long nowNanos) {
        var message = packet.authentication().orElseThrow(); // The decoder lets no other through.
        if (!method.equals(message.method())) {
            deny(Denial.METHOD, "re-authentication by another method than that of CONNECT"); // [MQTT-4.12.1-1]
        } else if (packet.reasonCode() == ReasonCode.RE_AUTHENTICATE) {
            begin(message, nowNanos);
        } else if (exchange == null) {
            fail(ReasonCode.PROTOCOL_ERROR, "AUTH goes on with what has not begun");
        } else {
            advance(exchange, message);
        }
    }

    /** Looks at the time. */
    void tick(long nowNanos, long timeoutNanos) {
        if (exchange != null && nowNanos - sinceNanos > timeoutNanos) {
            deny(Denial.PROOF, "re-authentication was not finished in time");
        }
    }

    private void begin(Authentication message, long nowNanos) {
        if (exchange != null) {
            fail(ReasonCode.PROTOCOL_ERROR, "re-authentication begins before the last one has ended");
            return;
        }
        var offered = access.exchange(message.method());
        if (offered.isEmpty()) {
            deny(Denial.METHOD, "the authentication method is not offered any more");
            return;
        }
        sinceNanos = nowNanos;
        exchange = offered.get();
        advance(exchange, message);
    }

    private void advance(ScramExchange begun, Authentication message) {
        switch (begun.onMessage(message.data())) {
            case Step.Challenge challenge ->
                connection.send(Login.auth(ReasonCode.CONTINUE_AUTHENTICATION, message.method(), challenge.message()));
            case Step.Proven proven -> finish(proven, message.method());
            case Step.Failed failed -> deny(Denial.PROOF, failed.why());
        }
    }

    private void finish(Step.Proven proven, String name) {
        if (rights.user().map(User::name).filter(proven.user().name()::equals).isEmpty()) {
            deny(Denial.PROOF, "it has become another user");
            return;
        }
        exchange = null;
        rights.proved(proven.user());
        connection.send(Login.auth(ReasonCode.SUCCESS, name, proven.message()));
    }

    private void deny(Denial denial, String why) {
        access.denied(denial);
        fail(denial.reasonCode(), why);
    }

    private void fail(ReasonCode reasonCode, String why) {
        exchange = null;
        connection.fail(reasonCode, why); // [MQTT-4.12.1-2]
    }
}
