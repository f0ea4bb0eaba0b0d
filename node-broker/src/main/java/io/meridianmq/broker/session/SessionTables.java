package io.meridianmq.broker.session;

import java.util.List;

/** The session tables of all loops, by the loops' numbers. Any thread. */
public final class SessionTables {

    private final List<SessionTable> tables;
    private final ClientRegistry registry;

    public SessionTables(List<SessionTable> tables, ClientRegistry registry) {
        this.tables = List.copyOf(tables);
        this.registry = registry;
    }

    public List<SessionTable> all() {
        return tables;
    }

    /** Ends the session of a client that has no connection, soon. */
    public void end(String clientId) {
        var table = homeOf(clientId, 0);
        table.loop().execute(() -> table.end(clientId));
    }

    /** How long a session outlives its connection whose client asks for {@code wanted}. */
    long expirySeconds(long wanted) {
        return tables.getFirst().expirySeconds(wanted);
    }

    SessionTable homeOf(String clientId, int own) {
        return tables.get(registry.homeFor(clientId, own));
    }
}
