package io.meridianmq.broker.admin;

import io.meridianmq.core.link.Answer.Subscriber;
import io.meridianmq.core.link.Answer.SubscribersFound;
import io.meridianmq.core.link.Question.FindSubscribers;
import io.meridianmq.core.session.Subscription;
import io.meridianmq.topic.SharedGroup;
import io.meridianmq.topic.SubscriptionTrie;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * One look at whose subscriptions match a topic: all are counted, and of those after the place where the last page ended
 * no more are kept than one page has. For one thread; the trie may change meanwhile.
 */
final class SubscriberSearch {

    private static final Comparator<Subscriber> ORDER =
            Comparator.comparing(Subscriber::clientId).thenComparing(Subscriber::filter);

    private final FindSubscribers question;
    private final Subscriber after;

    /** The page under way, the last of it first, with one more than the page has if there is one. */
    private final PriorityQueue<Subscriber> page = new PriorityQueue<>(ORDER.reversed());

    private long subscriptions;
    private int groups;

    private SubscriberSearch(FindSubscribers question) {
        this.question = question;
        this.after = new Subscriber(question.afterClientId(), question.afterFilter(), false);
    }

    static SubscribersFound in(SubscriptionTrie<Subscription> trie, FindSubscribers question) {
        var search = new SubscriberSearch(question);
        trie.match(question.topic(), search::matched);
        trie.matchGroups(question.topic(), search::matchedGroup);
        return search.found();
    }

    private void matched(Subscription subscription) {
        subscriptions++;
        keep(subscription);
    }

    private void matchedGroup(SharedGroup<Subscription> group) {
        groups++;
        group.members().forEach(this::keep);
    }

    private void keep(Subscription subscription) {
        var session = subscription.session();
        var found = new Subscriber(session.clientId(), subscription.filter(), session.isConnected());
        if (ORDER.compare(found, after) > 0) {
            page.add(found);
            if (page.size() > question.limit() + 1) {
                page.remove();
            }
        }
    }

    private SubscribersFound found() {
        var more = page.size() > question.limit();
        if (more) {
            page.remove();
        }
        var sorted = new ArrayList<>(page);
        sorted.sort(ORDER);
        return new SubscribersFound(subscriptions, groups, sorted, more);
    }
}
