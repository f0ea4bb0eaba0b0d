package io.meridianmq.broker.publish;

import io.meridianmq.broker.loop.Loops;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.session.Subscription;
import io.meridianmq.core.slot.SlotTable;
import io.meridianmq.topic.SubscriptionTrie;
import io.meridianmq.topic.TopicFilter;
import java.util.concurrent.Executor;

/** A node on its own: a subscription is visible when it is in the trie, a message never leaves, and every slot is here. */
public final class StandaloneMesh implements Mesh {

    private final Executor turns;
    private final SubscriptionTrie<Subscription> trie;
    private final Loops loops;
    private final SlotTable slots;

    /** @param turns runs tasks one at a time; nothing else changes the trie */
    public StandaloneMesh(Incarnation self, Executor turns, SubscriptionTrie<Subscription> trie, Loops loops) {
        this.slots = SlotTable.ofOne(self);
        this.turns = turns;
        this.trie = trie;
        this.loops = loops;
    }

    @Override
    public void subscribe(TopicFilter filter, Subscription subscription, Runnable onVisible) {
        turns.execute(() -> {
            trie.add(filter, subscription);
            loops.get(subscription.session().home()).execute(onVisible);
        });
    }

    @Override
    public void unsubscribe(TopicFilter filter, Subscription subscription) {
        turns.execute(() -> trie.remove(filter, subscription));
    }

    @Override
    public void presence(TopicFilter filter, Subscription shared, boolean isConnected) {
        // There is no other node to tell.
    }

    @Override
    public SlotTable slots() {
        return slots;
    }

    @Override
    public Route route(Publication publication) {
        return Route.ONLY_HERE;
    }

    @Override
    public void passOn(Publication publication, TopicFilter shared, Runnable onNobody) {
        onNobody.run();
    }

    @Override
    public void forward(Publication publication, Route route, Acceptance acceptance) {
        // There is nobody else.
    }
}
