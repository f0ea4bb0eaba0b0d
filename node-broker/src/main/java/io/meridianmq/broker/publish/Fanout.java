package io.meridianmq.broker.publish;

import io.meridianmq.broker.loop.HandOff;
import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.loop.Loops;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.session.Subscription;
import io.meridianmq.topic.MatchSink;
import io.meridianmq.topic.SharedGroup;
import io.meridianmq.topic.SubscriptionTrie;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings one message after the other to all subscriptions of the node that match: those of this thread's own loop at
 * once, those of other loops as one task per loop in the next batch.
 *
 * <p>Belongs to one thread: a loop's or the mesh's.
 */
public final class Fanout {

    private final Loops loops;
    private final HandOff handOff;
    private final SubscriptionTrie<Subscription> trie;
    private final MessageMetrics metrics;
    private final InstantSource clock;
    private final GroupTurns turns = new GroupTurns();

    /** Per loop, the subscriptions of the message under way. */
    private final Matches[] matches;

    private final KnownMatches known = new KnownMatches();
    private final Deliveries deliveries;
    private final MatchSink<Subscription> add = this::add;
    private final MatchSink<SharedGroup<Subscription>> addMember = this::addMember;
    private Route route = Route.ONLY_HERE;
    private Audience audience = Audience.ALL;
    private int matched;

    /** Whether a durable session is among those matched. */
    private boolean isWantedDurably;

    /** The member that a message is passed on to, while it is looked for. */
    private @Nullable Subscription nextMember;

    /** Who gets a message from elsewhere. */
    public enum Audience {
        /** Whoever has a matching subscription, and one member of each shared subscription that is served here. */
        ALL,
        /** Of these durable sessions alone: the others have had it. */
        DURABLE,
        /** Only one member of each shared subscription that is served here. */
        GROUPS
    }

    /** @param clock for this thread */
    public Fanout(
            Loops loops,
            HandOff handOff,
            SubscriptionTrie<Subscription> trie,
            MessageMetrics metrics,
            InstantSource clock) {
        this.loops = loops;
        this.handOff = handOff;
        this.trie = trie;
        this.metrics = metrics;
        this.clock = clock;
        this.deliveries = new Deliveries(metrics);
        this.matches = new Matches[loops.count()];
        for (var i = 0; i < matches.length; i++) {
            matches[i] = new Matches();
        }
    }

    /**
     * Delivers a message.
     *
     * @param publication borrowed for the call
     * @param messageRoute which shared subscriptions are served here
     * @param acceptance expects other loops' sessions to have the message
     * @return how many subscriptions match
     */
    public int deliver(Publication publication, Route messageRoute, Acceptance acceptance) {
        match(publication, messageRoute, Audience.ALL);
        deliverMatches(publication, acceptance);
        return matched;
    }

    /**
     * Delivers a message that came from elsewhere.
     *
     * @param publication borrowed for the call
     * @param messageRoute which shared subscriptions are served here
     * @param ifDurable called once if durable sessions want it, and it is not of QoS 0: what it makes belongs to this thread, and
     *     is complete when they have kept it, after this call has returned
     * @return whether that was called
     */
    public boolean deliverArrived(
            Publication publication, Route messageRoute, Audience messageAudience, Supplier<Acceptance> ifDurable) {
        match(publication, messageRoute, messageAudience);
        if (!isWantedDurably || publication.qos() == Qos.AT_MOST_ONCE) {
            deliverMatches(publication, Acceptance.NOT_AWAITED);
            return false;
        }
        var acceptance = ifDurable.get();
        deliverMatches(publication, acceptance);
        acceptance.complete(0); // It has been seen through.
        return true;
    }

    /**
     * Gives a message that a member of a shared subscription left behind to another one on this node.
     *
     * @param publication borrowed for the call
     * @return false if there is none
     */
    boolean passOn(Publication publication, Subscription from) {
        nextMember = null;
        trie.matchGroups(publication.topic(), group -> {
            if (group.filter().text().equals(from.filter())) {
                nextMember = turns.choose(group);
            }
        });
        var next = nextMember;
        if (next == null || next.session().isEnded()) {
            return false;
        }
        var home = loops.get(next.session().home());
        var shared = publication.share();
        var now = clock.millis();
        // Later, since the session that lets it go is in the middle of its end.
        home.execute(() -> {
            deliveries.deliverOne(shared, next, now);
            shared.release();
        });
        return true;
    }

    private void match(Publication publication, Route messageRoute, Audience messageAudience) {
        route = messageRoute;
        audience = messageAudience;
        matched = 0;
        isWantedDurably = false;
        if (messageAudience != Audience.GROUPS) {
            matchSingles(publication.topic()); // [MQTT-3.3.2-3] [MQTT3-3.3.2-3]
        }
        trie.matchGroups(publication.topic(), addMember);
    }

    /** Finds all subscriptions that are not shared. */
    private void matchSingles(String topic) {
        var version = trie.version(); // Before the search: a change meanwhile makes the next message search again.
        var subscriptions = known.find(topic, version);
        if (subscriptions != null) {
            for (var subscription : subscriptions) {
                add(subscription);
            }
            return;
        }
        trie.match(topic, add);
        if (audience == Audience.ALL) {
            known.add(topic, matches, matched);
        }
    }

    private void deliverMatches(Publication publication, Acceptance acceptance) {
        for (var i = 0; i < matches.length; i++) {
            if (matches[i].count() > 0) {
                deliverTo(loops.get(i), matches[i], publication, acceptance);
                matches[i].clear();
            }
        }
    }

    private void add(Subscription subscription) {
        var session = subscription.session();
        if (session.isDurable()) {
            isWantedDurably = true;
        } else if (audience == Audience.DURABLE) {
            return;
        }
        matches[session.home()].add(subscription);
        matched++;
    }

    private void addMember(SharedGroup<Subscription> group) {
        var filter = group.filter();
        if (route.servesGroup(filter.group().orElseThrow(), filter.filter())) {
            var member = turns.choose(group);
            if (member != null) {
                add(member);
            }
        }
    }

    private void deliverTo(Loop loop, Matches found, Publication publication, Acceptance acceptance) {
        var now = clock.millis();
        if (handOff.isOwn(loop)) {
            deliveries.deliver(publication, found, now);
            if (acceptance.isAwaited()) {
                acceptance.expect();
                loop.whenKept(acceptance::complete);
            }
            return;
        }
        if (publication.qos() == Qos.AT_MOST_ONCE && loop.isFlooded()) {
            metrics.floodDrops.add(found.count());
            return;
        }
        var shared = publication.share();
        var copied = found.copy();
        handOff.add(
                loop,
                () -> {
                    deliveries.deliver(shared, copied, now);
                    shared.release();
                },
                publication.bytes().sizeBytes());
        if (acceptance.isAwaited()) {
            acceptance.expect();
            handOff.whenDone(loop, acceptance::complete);
        }
    }
}
