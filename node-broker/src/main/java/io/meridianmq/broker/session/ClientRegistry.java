package io.meridianmq.broker.session;

import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which loop has the session of a client identifier: one per node and identifier, for as long as the session lives. Any
 * thread.
 */
public final class ClientRegistry {

    private final ConcurrentHashMap<String, Integer> homes = new ConcurrentHashMap<>();

    /** The loop that a new connection of this client is to ask: its session's, or {@code own} if there is none. */
    public int homeFor(String clientId, int own) {
        var home = homes.get(clientId);
        return home == null ? own : home;
    }

    /** The loop that has this client's session; empty if there is none. */
    OptionalInt home(String clientId) {
        var home = homes.get(clientId);
        return home == null ? OptionalInt.empty() : OptionalInt.of(home);
    }

    /** Claims a client for a loop that is about to create its session; false if another loop was faster. */
    boolean claim(String clientId, int loop) {
        var before = homes.putIfAbsent(clientId, loop);
        return before == null || before == loop;
    }

    /** The session on this loop is over. */
    void release(String clientId, int loop) {
        homes.remove(clientId, loop);
    }

    /** Sessions on the node. */
    public int count() {
        return homes.size();
    }
}
