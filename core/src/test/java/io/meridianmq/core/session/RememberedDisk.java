package io.meridianmq.core.session;

import com.google.common.primitives.ImmutableLongArray;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A journal in memory for one session: what was written in one step is kept as a whole when {@link #commit} says so, and lost
 * in a crash before. Belongs to its test's thread.
 */
final class RememberedDisk implements SessionJournal {

    private final Consumer<Publication> onKept;
    private final ArrayDeque<Batch> batches = new ArrayDeque<>();
    private final ArrayDeque<Runnable> reads = new ArrayDeque<>();
    private Batch open = new Batch();
    private long lastLocator;
    private boolean isFull;

    private final Map<Long, KeptMessage> messages = new TreeMap<>();
    private final Map<Integer, PublicationId> intakes = new HashMap<>();
    private final Map<String, SubscriptionOptions> subscriptions = new HashMap<>();
    private Optional<SessionFacts> facts = Optional.empty();
    private SessionProgress progress = SessionProgress.NONE;

    /** What was written in one step. */
    private static final class Batch {
        final List<Runnable> writes = new ArrayList<>();
        final List<Consumer<Boolean>> answers = new ArrayList<>();
        final Set<Session> furthered = new LinkedHashSet<>();
        boolean isRefused;

        boolean isEmpty() {
            return writes.isEmpty() && answers.isEmpty() && furthered.isEmpty();
        }
    }

    /** @param onKept told of every message that is kept */
    RememberedDisk(Consumer<Publication> onKept) {
        this.onKept = onKept;
    }

    /** From now on there is no room for what is wanted, or there is again. */
    void full(boolean nowFull) {
        isFull = nowFull;
    }

    boolean isIdle() {
        return batches.isEmpty() && reads.isEmpty() && open.isEmpty();
    }

    /** Messages that are kept. */
    int messages() {
        return messages.size();
    }

    /** The step is over. */
    void handOver() {
        if (open.isEmpty()) {
            return;
        }
        var batch = open;
        open = new Batch();
        for (var session : batch.furthered) {
            var now = session.progress();
            batch.writes.add(() -> progress = now);
        }
        batches.add(batch);
    }

    /** Keeps what was handed over first, and answers. */
    void commit() {
        if (!batches.isEmpty()) {
            var batch = batches.remove();
            batch.writes.forEach(Runnable::run);
            batch.answers.forEach(answer -> answer.accept(batch.isRefused));
        }
    }

    void read() {
        if (!reads.isEmpty()) {
            reads.remove().run();
        }
    }

    /** Everything that is not kept is lost, and the session as it was gets no answers any more. */
    void crash() {
        batches.clear();
        reads.clear();
        open = new Batch();
    }

    void restore(Session session) {
        session.restore(facts.orElseThrow(), progress, 0);
        subscriptions.forEach((filter, options) -> session.restore(filter, options, Optional.empty()));
        messages.values().stream()
                .filter(message -> progress.isOwed(message.position()))
                .forEach(message -> session.restore(
                        message.locator(),
                        message.position(),
                        message.publication().bytes().sizeBytes(),
                        message.group().isPresent()));
        intakes.forEach(session::restore);
    }

    @Override
    public void facts(Session session) {
        var now = session.facts();
        open.writes.add(() -> facts = Optional.of(now));
    }

    @Override
    public void subscription(Session session, Subscription subscription, Optional<String> owedAfterTopic, Kept kept) {
        var options = subscription.options();
        wanted(() -> subscriptions.put(subscription.filter(), options), kept);
    }

    @Override
    public void unsubscribed(Session session, String filter) {
        open.writes.add(() -> subscriptions.remove(filter));
    }

    @Override
    public void message(Session session, Outbound message) {
        lastLocator++;
        var locator = lastLocator;
        var kept = new KeptMessage(
                locator,
                message.position(),
                message.publication(),
                message.qos(),
                message.retain(),
                message.identifiers(),
                message.group().map(Subscription::filter));
        if (isFull) {
            open.isRefused = true;
            open.answers.add(_ -> session.onMessageRefused(message));
        } else {
            open.writes.add(() -> messages.put(locator, kept));
            open.answers.add(_ -> {
                onKept.accept(message.publication());
                session.onMessageKept(message, locator, 0);
            });
        }
    }

    @Override
    public boolean hasHad(Session session, PublicationId id) {
        return false; // Its test's messages come from elsewhere.
    }

    @Override
    public void done(long locator) {
        open.writes.add(() -> {
            if (messages.remove(locator) == null) {
                throw new AssertionError("message " + locator + " is not kept, or is done twice");
            }
        });
    }

    @Override
    public void progress(Session session) {
        open.furthered.add(session);
    }

    @Override
    public void takenIn(Session session, int packetIdentifier, PublicationId id, Kept kept) {
        wanted(() -> intakes.put(packetIdentifier, id), kept);
    }

    @Override
    public void released(Session session, int packetIdentifier, PublicationId id) {
        open.writes.add(() -> intakes.remove(packetIdentifier));
    }

    @Override
    public void ended(Session session) {
        open.furthered.remove(session);
        open.writes.add(() -> {
            facts = Optional.empty();
            subscriptions.clear();
            intakes.clear();
            progress = SessionProgress.NONE;
        });
    }

    @Override
    public void whenKept(Kept kept) {
        open.answers.add(isRefused -> kept.then(isRefused ? Outcome.REFUSED : Outcome.KEPT, 0));
    }

    @Override
    public void load(long[] locators, Loaded loaded) {
        var wanted = ImmutableLongArray.copyOf(locators);
        reads.add(() -> {
            var found = new ArrayList<KeptMessage>();
            wanted.forEach(locator -> {
                var message = messages.get(locator);
                if (message != null) {
                    message.publication().share();
                    found.add(message);
                }
            });
            loaded.then(found, 0);
        });
    }

    private void wanted(Runnable write, Kept kept) {
        if (isFull) {
            open.isRefused = true;
            open.answers.add(_ -> kept.then(Outcome.REFUSED, 0));
        } else {
            open.writes.add(write);
            open.answers.add(_ -> kept.then(Outcome.KEPT, 0));
        }
    }
}
