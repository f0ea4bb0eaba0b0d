package io.meridianmq.broker.store;

import io.meridianmq.broker.loop.Loop;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Will;
import io.meridianmq.core.session.Outbound;
import io.meridianmq.core.session.Session;
import io.meridianmq.core.session.SessionJournal;
import io.meridianmq.core.session.Subscription;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the durable sessions of one loop write down. It goes to the committer as one batch at the end of an iteration, when the
 * batch before is answered: so batches grow while the disk is slow, and nothing overtakes what has to be tried again.
 *
 * <p>Belongs to the loop. A batch that is larger than {@value #BATCH_BYTES_MAX} bytes takes no more messages; while the disk
 * has no room, nothing that is wanted is taken. After a commit that failed nothing is either, until the next tick: whoever sends
 * again what was refused hears of it first, and what came behind it does not go before it.
 */
public final class LoopJournal implements SessionJournal, Loop.Keeper {

    private static final int KEPT = 0;
    private static final int QUOTA_EXCEEDED = 0x97;

    private static final Logger log = LoggerFactory.getLogger(LoopJournal.class);

    private static final long BATCH_BYTES_MAX = 32L << 20;

    private final Loop loop;
    private final SessionStore store;
    private final Runnable handOver = this::handOver;
    private Batch open = new Batch();
    private boolean isUnderWay;
    private boolean isHandOverAsked;

    /** Whether a commit failed since the last tick. */
    private boolean hasFailed;

    LoopJournal(Loop loop, SessionStore store) {
        this.loop = loop;
        this.store = store;
    }

    /** A number for a new session. */
    public long newSession() {
        return store.newSession();
    }

    @Override
    public void whenKept(IntConsumer onKept) {
        if (open.hasMessages()) {
            whenKept((outcome, _) -> onKept.accept(outcome == Outcome.KEPT ? KEPT : QUOTA_EXCEEDED));
        } else {
            onKept.accept(KEPT);
        }
    }

    /** Tries again what was not kept; to be called a few times a second. */
    public void tick() {
        hasFailed = false;
        handOver();
    }

    /** The will of a connection, while it is neither published nor discarded. Due. */
    public void will(Session session, ConnectionNumber number, Will will) {
        put(Batch.Family.WILL, willKey(session.number().orElseThrow(), number), Values.of(will), true);
    }

    /** The will of a connection is published, or discarded. Due. */
    public void noWill(long session, ConnectionNumber number) {
        delete(Batch.Family.WILL, willKey(session, number));
    }

    private static byte[] willKey(long session, ConnectionNumber number) {
        return Keys.of(session, number.epoch(), number.counter());
    }

    @Override
    public void facts(Session session) {
        put(Batch.Family.SESSION, key(session), Values.of(session.facts()), true);
    }

    @Override
    public void subscription(Session session, Subscription subscription, Optional<String> owedAfterTopic, Kept kept) {
        wanted(
                Batch.Family.SUBSCRIPTION,
                Keys.of(session.number().orElseThrow(), subscription.filter()),
                Values.of(subscription.options(), owedAfterTopic),
                kept);
    }

    @Override
    public void unsubscribed(Session session, String filter) {
        delete(Batch.Family.SUBSCRIPTION, Keys.of(session.number().orElseThrow(), filter));
    }

    @Override
    public void message(Session session, Outbound message) {
        if (takesNothing() || open.sizeBytes() > BATCH_BYTES_MAX || open.readers() == Locator.READERS_MAX) {
            open.refuse(session, message);
        } else {
            open.message(session, message);
        }
        written();
    }

    @Override
    public void done(long locator) {
        open.done(locator);
        written();
    }

    @Override
    public void progress(Session session) {
        open.furthered.add(session);
        written();
    }

    @Override
    public boolean hasHad(Session session, PublicationId id) {
        return store.had().contains(session.number().orElseThrow(), id);
    }

    @Override
    public void takenIn(Session session, int packetIdentifier, PublicationId id, Kept kept) {
        wanted(Batch.Family.INTAKE, Keys.of(session.number().orElseThrow(), packetIdentifier), Values.of(id), kept);
    }

    @Override
    public void released(Session session, int packetIdentifier, PublicationId id) {
        delete(Batch.Family.INTAKE, Keys.of(session.number().orElseThrow(), packetIdentifier));
        store.had().keys(id).forEach(key -> delete(Batch.Family.HAD, key));
    }

    @Override
    public void ended(Session session) {
        var number = session.number().orElseThrow();
        open.furthered.remove(session);
        delete(Batch.Family.SESSION, key(session));
        delete(Batch.Family.PROGRESS, key(session));
        open.writes.add(new Batch.Write.DeleteAll(Batch.Family.SUBSCRIPTION, number));
        open.writes.add(new Batch.Write.DeleteAll(Batch.Family.INTAKE, number));
        open.writes.add(new Batch.Write.DeleteAll(Batch.Family.WILL, number));
    }

    @Override
    public void whenKept(Kept kept) {
        open.answers.add(new Batch.Answer.OfAll(kept));
        written();
    }

    @Override
    public void load(long[] locators, Loaded loaded) {
        store.load(locators, messages -> onLoop(() -> loaded.then(messages, store.nowMillis())));
    }

    private void wanted(Batch.Family family, byte[] key, byte[] value, Kept kept) {
        if (takesNothing()) {
            open.refuse(kept);
        } else {
            open.put(family, key, value, false);
            open.answers.add(new Batch.Answer.OfWanted(kept, false));
        }
        written();
    }

    private boolean takesNothing() {
        return hasFailed || store.isFull();
    }

    private void put(Batch.Family family, byte[] key, byte[] value, boolean due) {
        open.put(family, key, value, due);
        written();
    }

    private void delete(Batch.Family family, byte[] key) {
        open.writes.add(new Batch.Write.Delete(family, key));
        written();
    }

    private static byte[] key(Session session) {
        return Keys.of(session.number().orElseThrow());
    }

    private void written() {
        if (!isUnderWay && !isHandOverAsked) {
            isHandOverAsked = true;
            loop.atEndOfIteration(handOver);
        }
    }

    private void handOver() {
        isHandOverAsked = false;
        if (isUnderWay || open.isEmpty()) {
            return;
        }
        var batch = open;
        open = new Batch();
        for (var session : batch.furthered) {
            if (!session.isEnded()) {
                batch.put(Batch.Family.PROGRESS, key(session), Values.of(session.progress()), true);
            }
        }
        isUnderWay = true;
        if (batch.hasWork()) {
            store.commit(batch, loop.index(), isKept -> onLoop(() -> answer(batch, isKept)));
        } else {
            answer(batch, true);
        }
    }

    /** Any thread. */
    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("the store answers a loop that has ended", e);
        }
    }

    private void answer(Batch batch, boolean isKept) {
        isUnderWay = false;
        if (!isKept) {
            hasFailed = true;
            open.refuseWanted();
            open.beginWith(batch);
        }
        for (var answer : batch.answers) {
            try {
                tell(answer, batch, isKept);
            } catch (RuntimeException e) {
                log.error("a session failed to take what became of something it wrote; the others go on", e);
            }
        }
        if (isKept && !open.isEmpty()) {
            written();
        }
    }

    private void tell(Batch.Answer answer, Batch batch, boolean isKept) {
        var nowMillis = store.nowMillis();
        switch (answer) {
            case Batch.Answer.OfMessage(var session, var message, var reader) -> {
                if (isKept) {
                    session.onMessageKept(message, batch.locator(reader), nowMillis);
                } else {
                    session.onMessageRefused(message);
                }
            }
            case Batch.Answer.Refused(var session, var message) -> session.onMessageRefused(message);
            case Batch.Answer.OfWanted(var kept, var isRefused) -> kept.then(outcome(isKept, isRefused), nowMillis);
            case Batch.Answer.OfAll(var kept) -> kept.then(outcome(isKept, batch.isRefused()), nowMillis);
        }
    }

    private static Outcome outcome(boolean isKept, boolean isRefused) {
        if (!isKept) {
            return Outcome.FAILED;
        }
        return isRefused ? Outcome.REFUSED : Outcome.KEPT;
    }
}
