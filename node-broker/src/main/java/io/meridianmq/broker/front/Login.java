package io.meridianmq.broker.front;

import io.meridianmq.broker.access.Access;
import io.meridianmq.broker.access.Denial;
import io.meridianmq.broker.access.ScramExchange;
import io.meridianmq.broker.access.ScramExchange.Step;
import io.meridianmq.broker.access.User;
import io.meridianmq.broker.access.Verdict;
import io.meridianmq.broker.access.WithoutPassword;
import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.packet.AuthPacket;
import io.meridianmq.broker.packet.Authentication;
import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.ConnectPacket;
import io.meridianmq.broker.packet.ReasonCode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one client proves who it is, between its CONNECT and the question for its session: not at all, by a password, or by
 * enhanced authentication (MQTT 5, section 4.12). Belongs to the connection's loop.
 */
final class Login {

    private final Connection connection;
    private final Access access;
    private final Loop loop;
    private final ConnectPacket connect;
    private final Admission admission;
    private @Nullable ScramExchange exchange;
    private Optional<Authentication> serverProof = Optional.empty();

    /** Written on the loop, read by whoever is about to check the password. */
    private volatile boolean isOver;

    /** @param admission what {@code connect} comes to if the client is let in */
    Login(Connection connection, Access access, Loop loop, ConnectPacket connect, Admission admission) {
        this.connection = connection;
        this.access = access;
        this.loop = loop;
        this.connect = connect;
        this.admission = admission;
    }

    /**
     * Leads to {@link Connection#admitted} or the connection's refusal, possibly during this call. [MQTT-3.1.4-2]
     *
     * @param certificateName whom the client's certificate names
     */
    void begin(WithoutPassword withoutPassword, Optional<String> certificateName) {
        var asked = connect.properties().authentication();
        if (asked.isPresent()) {
            beginExchange(asked.get());
            return;
        }
        if (withoutPassword.certificateUser() && certificateName.isPresent()) {
            admit(certificateName.map(User::certified));
            return;
        }
        switch (access.decide(withoutPassword.anonymous(), connect.userName(), connect.password())) {
            case Verdict.Admitted admitted -> admit(admitted.user());
            case Verdict.Refused refused -> refuse(refused.denial());
            case Verdict.Unproven unproven -> prove(unproven);
        }
    }

    /** What CONNECT comes to if the client is let in. */
    Admission admission() {
        return admission;
    }

    /** The authentication method of CONNECT. */
    Optional<String> method() {
        return connect.properties().authentication().map(Authentication::method);
    }

    /** What CONNACK says of enhanced authentication: the method of CONNECT, if it had one. [MQTT-4.12.0-5] [MQTT-4.12.0-6] */
    Optional<Authentication> serverProof() {
        return serverProof;
    }

    /** An AUTH before CONNACK, from a client whose CONNECT had an authentication method. */
    void onAuth(AuthPacket packet) {
        var step = packet.authentication().orElseThrow(); // The decoder lets no other through.
        if (exchange == null || isOver || packet.reasonCode() != ReasonCode.CONTINUE_AUTHENTICATION) {
            isOver = true;
            connection.refuse(
                    ReasonCode.PROTOCOL_ERROR, "AUTH with " + packet.reasonCode() + " is not what comes next");
        } else if (!method().orElseThrow().equals(step.method())) {
            refuse(Denial.METHOD);
        } else {
            advance(exchange, step);
        }
    }

    /** The client has not got in within the time it has. */
    void timeOut() {
        refuse(exchange == null ? Denial.BUSY : Denial.PROOF);
    }

    /** The connection is over. */
    void abandon() {
        isOver = true;
    }

    private void beginExchange(Authentication asked) {
        var offered = access.exchange(asked.method());
        if (offered.isEmpty()) {
            refuse(Denial.METHOD); // [MQTT-4.12.0-1]
            return;
        }
        exchange = offered.get();
        advance(exchange, asked);
    }

    private void advance(ScramExchange begun, Authentication message) {
        switch (begun.onMessage(message.data())) {
            case Step.Challenge challenge ->
                connection.send(auth(
                        ReasonCode.CONTINUE_AUTHENTICATION, message.method(), challenge.message())); // [MQTT-4.12.0-2]
            case Step.Proven proven -> {
                serverProof = Optional.of(new Authentication(message.method(), proven.message()));
                admit(Optional.of(proven.user()));
            }
            case Step.Failed _ -> refuse(Denial.PROOF); // [MQTT-4.12.0-4]
        }
    }

    static AuthPacket auth(ReasonCode reasonCode, String method, BinaryData data) {
        return new AuthPacket(reasonCode, Optional.of(new Authentication(method, data)), "", List.of());
    }

    private void prove(Verdict.Unproven claimed) {
        var isTaken = access.verify(claimed, () -> !isOver, loop::execute, isRight -> {
            if (isRight) {
                admit(Optional.of(claimed.user()));
            } else {
                refuse(Denial.PASSWORD);
            }
        });
        if (!isTaken) {
            refuse(Denial.BUSY);
        }
    }

    private void admit(Optional<User> user) {
        if (!isOver) {
            isOver = true;
            connection.admitted(user);
        }
    }

    private void refuse(Denial denial) {
        if (!isOver) {
            isOver = true;
            access.denied(denial);
            connection.refuse(denial.reasonCode(), "not let in: " + denial);
        }
    }
}
