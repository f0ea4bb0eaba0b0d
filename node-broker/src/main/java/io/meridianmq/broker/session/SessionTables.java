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

    SessionTable homeOf(String clientId, int own) {
        return tables.get(registry.homeFor(clientId, own));
    }
}
