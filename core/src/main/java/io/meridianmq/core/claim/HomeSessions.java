package io.meridianmq.core.claim;

import io.meridianmq.core.link.ClaimRecord;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.publication.Will;
import io.meridianmq.core.slot.SlotHash;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that this node is home to, for the owners of their slots: a new owner has to know them all, also those that
 * were kept over a restart.
 *
 * <p>What is told of a connection that is not the session's last one is not heeded: it came late. Belongs to one thread.
 * There are as many as the node has sessions that outlive their connections.
 */
public final class HomeSessions {

    private final Incarnation self;
    private final Map<Integer, ClientTable<Held>> bySlot = new HashMap<>();
    private int count;

    private static final class Held {
        final String clientId;
        final ConnectionNumber number;
        final Incarnation front;
        long expirySeconds;

        @Nullable
        Will will;

        boolean isConnected;
        long awaySinceNanos;

        Held(String clientId, ConnectionNumber number, Incarnation front, long expirySeconds, @Nullable Will will) {
            this.clientId = clientId;
            this.number = number;
            this.front = front;
            this.expirySeconds = expirySeconds;
            this.will = will;
        }
    }

    public HomeSessions(Incarnation self) {
        this.self = self;
    }

    /** A session that was kept over a restart; before the first slot table. */
    public void restore(ClaimRecord kept, long nowNanos) {
        var held = new Held(
                kept.clientId(),
                kept.number(),
                kept.front(),
                kept.expirySeconds(),
                kept.will().orElse(null));
        held.awaySinceNanos = nowNanos - TimeUnit.MILLISECONDS.toNanos(Math.max(0, kept.awayMillis()));
        put(held);
    }

    /**
     * A session has a connection.
     *
     * @param front the node with the connection
     */
    public void connected(
            String clientId, ConnectionNumber number, Incarnation front, long expirySeconds, Optional<Will> will) {
        var held = new Held(clientId, number, front, expirySeconds, will.orElse(null));
        held.isConnected = true;
        put(held);
    }

    /**
     * A session has lost its connection.
     *
     * @param number of the connection
     * @param expirySeconds how long it waits for its client
     * @param keepsWill whether the connection leaves its will
     */
    public void left(String clientId, ConnectionNumber number, long expirySeconds, boolean keepsWill, long nowNanos) {
        var held = find(clientId);
        if (held == null || !held.number.equals(number)) {
            return;
        }
        held.isConnected = false;
        held.awaySinceNanos = nowNanos;
        held.expirySeconds = expirySeconds;
        if (!keepsWill) {
            held.will = null;
        }
    }

    /**
     * A session is over.
     *
     * @param number of its last connection
     */
    public void ended(String clientId, ConnectionNumber number) {
        var held = find(clientId);
        if (held == null || !held.number.equals(number)) {
            return;
        }
        var slot = SlotHash.ofClient(clientId);
        var table = bySlot.get(slot);
        if (table != null) {
            table.remove(clientId);
            count--;
            if (table.size() == 0) {
                bySlot.remove(slot);
            }
        }
    }

    /** The will of a connection is published, or given up. */
    public void willDone(String clientId, ConnectionNumber number) {
        var held = find(clientId);
        if (held != null && held.number.equals(number)) {
            held.will = null;
        }
    }

    /** The clients of a slot whose sessions are here. */
    List<String> clientsOf(int slot) {
        var table = bySlot.get(slot);
        return table == null
                ? List.of()
                : table.values().stream().map(held -> held.clientId).toList();
    }

    /** What there is to tell of a client's session, if it is here. */
    public Optional<ClaimRecord> record(String clientId, long nowNanos) {
        return Optional.ofNullable(find(clientId))
                .map(held -> new ClaimRecord(
                        clientId,
                        held.number,
                        held.front,
                        Optional.of(self),
                        ClaimRecord.NO_TOKEN,
                        true,
                        false,
                        held.expirySeconds,
                        Optional.ofNullable(held.will),
                        held.isConnected
                                ? ClaimRecord.CONNECTED
                                : Math.max(0, TimeUnit.NANOSECONDS.toMillis(nowNanos - held.awaySinceNanos))));
    }

    /** Sessions that are here. */
    public int count() {
        return count;
    }

    private void put(Held held) {
        var table = bySlot.computeIfAbsent(
                SlotHash.ofClient(held.clientId), _ -> new ClientTable<>(entry -> entry.clientId));
        var before = table.size();
        table.put(held);
        count += table.size() - before;
    }

    private @Nullable Held find(String clientId) {
        var table = bySlot.get(SlotHash.ofClient(clientId));
        return table == null ? null : table.find(clientId);
    }
}
