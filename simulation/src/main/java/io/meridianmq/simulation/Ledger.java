package io.meridianmq.simulation;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * What was published, delivered and acknowledged in a run, and the verdict over it.
 *
 * <p>Two kinds of publication are told apart. Of those published while sessions come and go, an acknowledged one must reach
 * every subscription in its zone that was visible before it. Of those published at rest, when everybody knows everything,
 * each must reach every subscription anywhere exactly once, in order, and one member of each shared subscription; what a
 * node had not acknowledged when it was killed at most once.
 */
final class Ledger implements SimulatedNode.Observer {

    private record Delivery(Subscriber subscriber, PublicationId publication) {}

    private static final class Entry {
        private final Publication publication;
        private final Place node;
        private final long atNanos;
        private final boolean atRest;
        private boolean acknowledged;
        /** Its publisher's node ended before it acknowledged it, and so promised nothing. */
        private boolean unpromised;

        Entry(Publication publication, Place node, long atNanos, boolean atRest) {
            this.publication = publication;
            this.node = node;
            this.atNanos = atNanos;
            this.atRest = atRest;
        }

        @Override
        public String toString() {
            return publication.qos() + " #" + publication.id().number() + " on " + publication.topic() + " from " + node
                    + " at " + atNanos / 1_000_000 + " ms";
        }
    }

    private final Schedule schedule;
    private final Map<PublicationId, Entry> entries = new LinkedHashMap<>();
    private final Map<Delivery, Integer> deliveries = new HashMap<>();
    private final Map<Subscriber, List<PublicationId>> sequences = new HashMap<>();
    private final Set<Subscriber> unanswered = new HashSet<>();
    private boolean atRest;
    private boolean crashed;
    private long delivered;

    Ledger(Schedule schedule) {
        this.schedule = schedule;
    }

    /** From now on everybody knows everything, and no session comes or goes. */
    void startExact() {
        atRest = true;
    }

    /** A node that has no subscribers was killed, with what it held in memory. */
    void crashed(Place node) {
        crashed = true;
        for (var entry : entries.values()) {
            if (entry.node.equals(node) && !entry.acknowledged) {
                entry.unpromised = true;
            }
        }
    }

    void subscribed(Subscriber subscriber) {
        unanswered.add(subscriber);
    }

    void ended(Subscriber subscriber) {
        unanswered.remove(subscriber);
    }

    void published(SimulatedNode node, String topic, Qos qos, long publisherHash) {
        var publication = node.compose(topic, qos, publisherHash);
        var entry = new Entry(publication, node.place(), schedule.nowNanos(), atRest);
        entries.put(publication.id(), entry);
        if (!node.publish(publication)) {
            entries.remove(publication.id());
        }
        publication.release();
    }

    @Override
    public void delivered(Subscriber subscriber, Publication publication) {
        delivered++;
        var times = deliveries.merge(new Delivery(subscriber, publication.id()), 1, Integer::sum);
        if (times == 1 && publication.qos() != Qos.AT_MOST_ONCE) {
            sequences.computeIfAbsent(subscriber, _ -> new ArrayList<>()).add(publication.id());
        }
    }

    @Override
    public void visible(Subscriber subscriber, boolean capped) {
        unanswered.remove(subscriber);
        if (!capped) {
            subscriber.visible(schedule.nowNanos());
        }
    }

    @Override
    public void acknowledged(PublicationId publication) {
        var entry = entries.get(publication);
        if (entry != null) {
            entry.acknowledged = true;
        }
    }

    @Override
    public void landed(SimulatedNode node, Frame.LaneData data) {
        // What lands is judged by what is delivered.
    }

    /** This ledger, and a further observer of what lands. */
    SimulatedNode.Observer andThen(BiConsumer<SimulatedNode, Frame.LaneData> landing) {
        var ledger = this;
        return new SimulatedNode.Observer() {
            @Override
            public void delivered(Subscriber subscriber, Publication publication) {
                ledger.delivered(subscriber, publication);
            }

            @Override
            public void visible(Subscriber subscriber, boolean capped) {
                ledger.visible(subscriber, capped);
            }

            @Override
            public void acknowledged(PublicationId publication) {
                ledger.acknowledged(publication);
            }

            @Override
            public void landed(SimulatedNode node, Frame.LaneData data) {
                landing.accept(node, data);
            }
        };
    }

    long publishedCount() {
        return entries.size();
    }

    long deliveredCount() {
        return delivered;
    }

    /** @param subscribers those that are there at the end */
    void check(List<Subscriber> subscribers, List<Violation> violations) {
        for (var entry : entries.values()) {
            if (entry.publication.qos() == Qos.AT_MOST_ONCE) {
                checkAtMostOnce(entry, subscribers, violations);
            } else if (entry.atRest) {
                checkAtRest(entry, subscribers, violations);
                checkGroups(entry, subscribers, violations);
            } else if (entry.acknowledged) {
                checkInZone(entry, subscribers, violations);
            }
        }
        entries.values().forEach(entry -> checkBytes(entry, violations));
        sequences.forEach((subscriber, sequence) -> checkOrder(subscriber, sequence, violations));
        unanswered.forEach(subscriber ->
                violations.add(new Violation("no-miss", subscriber + " never got its SUBACK, not even a capped one")));
    }

    private int times(Subscriber subscriber, Entry entry) {
        return deliveries.getOrDefault(new Delivery(subscriber, entry.publication.id()), 0);
    }

    private static boolean matches(Subscriber subscriber, Entry entry) {
        return !subscriber.filter().isShared() && subscriber.filter().matches(entry.publication.topic());
    }

    private void checkBytes(Entry entry, List<Violation> violations) {
        var holders = ((ArrayBytes) entry.publication.bytes()).holders();
        // A node that crashes takes its shares with it, so the count says something only where none did.
        if (holders != 0 && entry.atRest && !crashed) {
            violations.add(new Violation("no-leak", "the bytes of " + entry + " still have " + holders + " holders"));
        }
    }

    private void checkAtMostOnce(Entry entry, List<Subscriber> subscribers, List<Violation> violations) {
        for (var subscriber : subscribers) {
            if (times(subscriber, entry) > 1) {
                violations.add(new Violation(
                        "qos0-at-most-once", subscriber + " got " + times(subscriber, entry) + " times " + entry));
            }
        }
    }

    private void checkAtRest(Entry entry, List<Subscriber> subscribers, List<Violation> violations) {
        if (!entry.acknowledged && !entry.unpromised) {
            violations.add(new Violation("acked-is-kept", "nobody acknowledged " + entry));
        }
        for (var subscriber : subscribers) {
            if (!matches(subscriber, entry)) {
                continue;
            }
            var times = times(subscriber, entry);
            if (times == 0 && !entry.unpromised) {
                violations.add(new Violation("no-miss", subscriber + " missed " + entry));
            } else if (times > 1) {
                violations.add(new Violation("qos2-once", subscriber + " got " + times + " times " + entry));
            }
        }
    }

    private void checkGroups(Entry entry, List<Subscriber> subscribers, List<Violation> violations) {
        var servedByGroup = new HashMap<String, Integer>();
        for (var subscriber : subscribers) {
            if (subscriber.filter().isShared() && subscriber.filter().matches(entry.publication.topic())) {
                servedByGroup.merge(subscriber.filter().text(), times(subscriber, entry), Integer::sum);
            }
        }
        servedByGroup.forEach((group, served) -> {
            if (served > 1 || (served == 0 && !entry.unpromised)) {
                violations.add(new Violation("no-miss", group + " as a whole got " + served + " times " + entry));
            }
        });
    }

    private void checkInZone(Entry entry, List<Subscriber> subscribers, List<Violation> violations) {
        for (var subscriber : subscribers) {
            if (matches(subscriber, entry)
                    && subscriber.node().inZone().equals(entry.node.inZone())
                    && subscriber.visibleSinceNanos() < entry.atNanos
                    && times(subscriber, entry) == 0) {
                var invariant = subscriber.hasOutlivedItsNode() ? "acked-is-kept" : "no-miss";
                violations.add(new Violation(invariant, subscriber + ", visible in its zone, missed " + entry));
            }
        }
    }

    /** Per publisher, topic and QoS numbers only grow. */
    private void checkOrder(Subscriber subscriber, List<PublicationId> sequence, List<Violation> violations) {
        record Stream(long origin, long boot, long publisherHash, String topic, Qos qos) {}
        var last = new HashMap<Stream, Long>();
        for (var id : sequence) {
            var entry = entries.get(id);
            if (entry == null || !entry.atRest || subscriber.filter().isShared()) {
                continue;
            }
            var stream = new Stream(
                    id.origin(),
                    id.boot(),
                    entry.publication.publisherHash(),
                    entry.publication.topic(),
                    entry.publication.qos());
            var before = last.put(stream, id.number());
            if (before != null && before > id.number()) {
                violations.add(new Violation("ordered", subscriber + " got #" + before + " before " + entry));
            }
        }
    }
}
