package io.meridianmq.core.claim;

import io.meridianmq.core.link.ClaimMessage;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Earlier connections whose fronts have been told to end them and have not answered yet. They are told again and again;
 * nobody waits for them but their wills. Belongs to its owner's thread.
 */
final class Evictions {

    private record Key(Incarnation front, long token) {}

    /**
     * One of them.
     *
     * @param sinceNanos when the front was told first
     * @param saidNanos when it was told last
     */
    record Eviction(
            Incarnation front,
            int slot,
            long epoch,
            String clientId,
            long token,
            ConnectionNumber number,
            boolean sessionEnds,
            long sinceNanos,
            long saidNanos) {

        Eviction saidAgain(long nowNanos) {
            return new Eviction(front, slot, epoch, clientId, token, number, sessionEnds, sinceNanos, nowNanos);
        }

        private Key key() {
            return new Key(front, token);
        }
    }

    /** Those told longest ago come first. */
    private final Map<Key, Eviction> open = new LinkedHashMap<>();

    private final ClaimSettings settings;
    private final Mail mail;

    Evictions(ClaimSettings settings, Mail mail) {
        this.settings = settings;
        this.mail = mail;
    }

    int size() {
        return open.size();
    }

    /** Tells the front; returns the one told longest ago if there are too many, which is waited for no longer. */
    Optional<Eviction> say(Eviction eviction) {
        mail.say(
                eviction.front,
                new ClaimMessage.Evict(
                        eviction.epoch, eviction.clientId, eviction.token, eviction.number, eviction.sessionEnds));
        open.remove(eviction.key());
        open.put(eviction.key(), eviction);
        return open.size() > settings.evictionsMax() ? removeFirst() : Optional.empty();
    }

    /** Whether this connection is being ended. */
    boolean contains(Incarnation front, long token) {
        return !open.isEmpty() && open.containsKey(new Key(front, token));
    }

    /** The front has answered. */
    Optional<Eviction> end(Incarnation front, long token) {
        return Optional.ofNullable(open.remove(new Key(front, token)));
    }

    /** The front is gone: nobody will answer. */
    List<Eviction> endAllAt(Incarnation front) {
        var gone = new ArrayList<Eviction>();
        open.values().removeIf(eviction -> eviction.front.equals(front) && gone.add(eviction));
        return gone;
    }

    /** Takes out one that has waited long enough to be told again. */
    Optional<Eviction> pollOverdue(long nowNanos) {
        if (open.isEmpty()) {
            return Optional.empty();
        }
        var first = open.values().iterator().next();
        return nowNanos - first.saidNanos >= settings.repeatAfter().toNanos() ? removeFirst() : Optional.empty();
    }

    private Optional<Eviction> removeFirst() {
        var values = open.values().iterator();
        var first = values.next();
        values.remove();
        return Optional.of(first);
    }
}
