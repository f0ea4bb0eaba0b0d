package io.meridianmq.broker.session;

import io.meridianmq.broker.store.LoopJournal;
import io.meridianmq.broker.store.StoredSession;
import io.meridianmq.core.place.ConnectionNumber;
import java.util.Optional;

/**
 * The wills that are written with durable sessions, so that they outlive the node. Of the wills of a session's connections
 * only the last one's counts.
 *
 * <p>Belongs to the sessions' loop.
 */
final class KeptWills {

    private final Optional<LoopJournal> journal;

    /** @param journal where durable sessions are kept; without one there is nothing to do */
    KeptWills(Optional<LoopJournal> journal) {
        this.journal = journal;
    }

    /** Those that a session from before a restart was written with. */
    void restore(OwnedSession owned, StoredSession stored) {
        stored.wills().forEach(will -> owned.addWill(will.number()));
    }

    /** The session has a new connection: its will, if it has one, takes the place of all earlier ones. */
    void keep(OwnedSession owned, SessionRequest request) {
        if (journal.isPresent() && owned.session().isDurable()) {
            drop(owned);
            request.will().ifPresent(will -> {
                journal.get().will(owned.session(), request.number(), will);
                owned.addWill(request.number());
            });
        }
    }

    /** None of the session's wills counts any more. */
    void drop(OwnedSession owned) {
        owned.wills().forEach(number -> forget(owned, number));
        owned.clearWills();
    }

    /** The will of this connection is published, or given up. */
    void done(OwnedSession owned, ConnectionNumber number) {
        if (owned.removeWill(number)) {
            forget(owned, number);
        }
    }

    private void forget(OwnedSession owned, ConnectionNumber number) {
        journal.orElseThrow().noWill(owned.session().number().orElseThrow(), number);
    }
}
