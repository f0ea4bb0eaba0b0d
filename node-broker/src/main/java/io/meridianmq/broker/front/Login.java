package io.meridianmq.broker.front;

import io.meridianmq.broker.access.Access;
import io.meridianmq.broker.access.Denial;
import io.meridianmq.broker.access.User;
import io.meridianmq.broker.access.Verdict;
import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.packet.ConnectPacket;
import java.util.Optional;

/**
 * How one client proves who it is, between its CONNECT and the question for its session. Belongs to the connection's
 * loop.
 */
final class Login {

    private final Connection connection;
    private final Access access;
    private final Loop loop;

    /** Written on the loop, read by whoever is about to check the password. */
    private volatile boolean isOver;

    Login(Connection connection, Access access, Loop loop) {
        this.connection = connection;
        this.access = access;
        this.loop = loop;
    }

    /** Leads to {@link Connection#admitted} or the connection's refusal, possibly during this call. [MQTT-3.1.4-2] */
    void begin(ConnectPacket connect, boolean allowsAnonymous) {
        switch (access.decide(allowsAnonymous, connect.userName(), connect.password())) {
            case Verdict.Admitted admitted -> admit(admitted.user());
            case Verdict.Refused refused -> refuse(refused.denial());
            case Verdict.Unproven unproven -> prove(unproven);
        }
    }

    /** The client has not got in within the time it has. */
    void timeOut() {
        refuse(Denial.BUSY);
    }

    /** The connection is over. */
    void abandon() {
        isOver = true;
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
