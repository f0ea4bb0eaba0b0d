package io.meridianmq.broker.session;

import io.meridianmq.broker.claim.KeptSessions;
import io.meridianmq.broker.store.StoredSession;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.session.CloseReason;
import io.meridianmq.core.slot.SlotHash;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;

/** The session tables of all loops, by the loops' numbers. Any thread. */
public final class SessionTables implements KeptSessions {

    private final List<SessionTable> tables;
    private final ClientRegistry registry;

    public SessionTables(List<SessionTable> tables, ClientRegistry registry) {
        this.tables = List.copyOf(tables);
        this.registry = registry;
    }

    public List<SessionTable> all() {
        return tables;
    }

    /** On a node that has no way to others: nobody inherits anything. */
    @Override
    public void end(String clientId, ConnectionNumber number, Optional<Incarnation> heir) {
        var table = homeOf(clientId, 0);
        table.loop().execute(() -> table.end(clientId, number));
    }

    /**
     * Durable sessions from before a restart; before any client comes. Waits until messages are delivered to them.
     *
     * @throws InterruptedException if the waiting thread is interrupted
     * @throws IllegalStateException if one of them cannot be restored
     */
    public void restore(Collection<StoredSession> stored) throws InterruptedException {
        var left = new CountDownLatch(stored.size());
        var failure = new AtomicReference<RuntimeException>();
        for (var session : stored) {
            var clientId = session.facts().clientId();
            var table = tables.get(SlotHash.ofClient(clientId) % tables.size());
            registry.claim(clientId, table.index());
            table.loop().execute(() -> {
                try {
                    table.restore(session, left::countDown);
                } catch (RuntimeException e) {
                    failure.set(e);
                    left.countDown();
                }
            });
        }
        left.await();
        if (failure.get() != null) {
            throw new IllegalStateException("a durable session cannot be restored", failure.get());
        }
    }

    @Override
    public void willDone(String clientId, ConnectionNumber number) {
        registry.home(clientId).ifPresent(home -> {
            var table = tables.get(home);
            table.loop().execute(() -> table.willDone(clientId, number));
        });
    }

    /** How long a session outlives its connection whose client asks for {@code wanted}. */
    long expirySeconds(long wanted) {
        return tables.getFirst().expirySeconds(wanted);
    }

    /**
     * Looks at a client's session.
     *
     * @param onSeen gets what there is to see, empty if there is no session; on the session's loop, or at once
     */
    public void look(String clientId, Consumer<Optional<Answer.SessionView>> onSeen) {
        onHome(clientId, Optional.empty(), table -> table.look(clientId), onSeen);
    }

    /**
     * Closes a client's connection.
     *
     * @param onDone gets whether there was one; on the session's loop, or at once
     */
    public void disconnect(String clientId, CloseReason reason, Consumer<Boolean> onDone) {
        onHome(clientId, false, table -> table.disconnect(clientId, reason), onDone);
    }

    private <T> void onHome(String clientId, T otherwise, Function<SessionTable, T> work, Consumer<T> onDone) {
        var home = registry.home(clientId);
        if (home.isEmpty()) {
            onDone.accept(otherwise);
            return;
        }
        var table = tables.get(home.getAsInt());
        table.loop().execute(() -> onDone.accept(work.apply(table)));
    }

    /** Where the session of a client is that is connected elsewhere, or is to be. Any thread. */
    SessionTable homeOf(String clientId) {
        return homeOf(clientId, SlotHash.ofClient(clientId) % tables.size());
    }

    SessionTable homeOf(String clientId, int own) {
        return tables.get(registry.homeFor(clientId, own));
    }
}
