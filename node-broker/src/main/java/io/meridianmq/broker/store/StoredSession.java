package io.meridianmq.broker.store;

import io.meridianmq.core.link.ClaimRecord;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Will;
import io.meridianmq.core.session.Session;
import io.meridianmq.core.session.SessionFacts;
import io.meridianmq.core.session.SessionProgress;
import io.meridianmq.core.session.Subscription;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A durable session as it was found in the store. Filled by whoever reads the store, then handed to one loop. */
public final class StoredSession {

    private final long number;
    private final SessionFacts facts;
    private final Map<String, Values.KeptSubscription> subscriptions = new LinkedHashMap<>(2);
    private final Map<Integer, PublicationId> intakes = new LinkedHashMap<>(0);
    private final List<KeptWill> wills = new ArrayList<>(0);
    private final List<Owed> owed = new ArrayList<>(0);
    private SessionProgress progress = SessionProgress.NONE;

    /** A will that was neither published nor discarded. */
    public record KeptWill(ConnectionNumber number, Will will) {}

    private record Owed(long locator, long position, int frameBytes, boolean isOfGroup) {}

    StoredSession(long number, SessionFacts facts) {
        this.number = number;
        this.facts = facts;
    }

    /** Its number in the journal. */
    public long number() {
        return number;
    }

    public SessionFacts facts() {
        return facts;
    }

    /** Wills of its connections, usually none or one. */
    public List<KeptWill> wills() {
        return List.copyOf(wills);
    }

    /** Its client as the owner of its slot knows it: without a connection, which ended with the process at the latest. */
    ClaimRecord claim(Incarnation self, long nowMillis) {
        var awayMillis =
                facts.goneAtMillis() == SessionFacts.CONNECTED ? 0 : Math.max(0, nowMillis - facts.goneAtMillis());
        return new ClaimRecord(
                facts.clientId(),
                facts.connection(),
                self,
                Optional.of(self),
                ClaimRecord.NO_TOKEN,
                true,
                false,
                facts.sessionExpirySeconds(),
                wills.stream()
                        .filter(will -> will.number().equals(facts.connection()))
                        .map(KeptWill::will)
                        .findFirst(),
                awayMillis);
    }

    /** Fills a new session, and returns what it subscribes to. For the session's loop, once. */
    public List<Subscription> restore(Session session, long nowMillis) {
        session.restore(facts, progress, nowMillis);
        intakes.forEach(session::restore);
        owed.forEach(
                message -> session.restore(message.locator, message.position, message.frameBytes, message.isOfGroup));
        var restored = new ArrayList<Subscription>(subscriptions.size());
        subscriptions.forEach(
                (filter, kept) -> restored.add(session.restore(filter, kept.options(), kept.owedAfterTopic())));
        return restored;
    }

    void found(String filter, Values.KeptSubscription subscription) {
        subscriptions.put(filter, subscription);
    }

    void found(SessionProgress found) {
        progress = found;
    }

    void found(int packetIdentifier, PublicationId id) {
        intakes.put(packetIdentifier, id);
    }

    void found(ConnectionNumber connection, Will will) {
        wills.add(new KeptWill(connection, will));
    }

    /** A message that it wants; false if it is done with it. */
    boolean found(long locator, long position, int frameBytes, boolean isOfGroup) {
        if (!progress.isOwed(position)) {
            return false;
        }
        owed.add(new Owed(locator, position, frameBytes, isOfGroup));
        return true;
    }
}
