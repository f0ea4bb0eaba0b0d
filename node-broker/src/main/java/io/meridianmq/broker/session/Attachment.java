package io.meridianmq.broker.session;

import io.meridianmq.core.session.Session;
import org.jspecify.annotations.Nullable;

/** One connection's hold on a session. Belongs to the session's loop. */
final class Attachment {

    private final ClientPort port;
    private @Nullable Session session;

    Attachment(ClientPort port) {
        this.port = port;
    }

    ClientPort port() {
        return port;
    }

    /** The session, once it is open; null if it could not be opened. */
    @Nullable
    Session session() {
        return session;
    }

    void session(Session opened) {
        session = opened;
    }

    /** The session if this connection is still the one it is connected over, else null. */
    @Nullable
    Session current() {
        return session != null && session.isConnectedOver(port) ? session : null;
    }
}
