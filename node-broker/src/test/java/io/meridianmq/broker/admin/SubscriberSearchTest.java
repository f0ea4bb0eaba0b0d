package io.meridianmq.broker.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.link.Answer.Subscriber;
import io.meridianmq.core.link.Question.FindSubscribers;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.session.DropReason;
import io.meridianmq.core.session.RetainHandling;
import io.meridianmq.core.session.Session;
import io.meridianmq.core.session.SessionLimits;
import io.meridianmq.core.session.SessionOwner;
import io.meridianmq.core.session.SubscribeResult;
import io.meridianmq.core.session.Subscription;
import io.meridianmq.core.session.SubscriptionOptions;
import io.meridianmq.topic.SubscriptionTrie;
import io.meridianmq.topic.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SubscriberSearchTest {

    private final SubscriptionTrie<Subscription> trie = new SubscriptionTrie<>();

    @Test
    void countsAllAndListsThemInOrder() {
        subscribe("bob", "plant/+/temp", "#", "elsewhere");
        subscribe("ann", "plant/7/temp", "$share/g/plant/#");
        subscribe("cat", "$share/g/plant/#", "$share/h/plant/7/+", "$share/h/other");

        var found = SubscriberSearch.in(trie, new FindSubscribers("plant/7/temp", "", "", 100));

        assertThat(found.subscriptions()).isEqualTo(3);
        assertThat(found.groups()).isEqualTo(2);
        assertThat(found.more()).isFalse();
        assertThat(found.page())
                .extracting(subscriber -> subscriber.clientId() + " " + subscriber.filter())
                .containsExactly(
                        "ann $share/g/plant/#",
                        "ann plant/7/temp",
                        "bob #",
                        "bob plant/+/temp",
                        "cat $share/g/plant/#",
                        "cat $share/h/plant/7/+");
    }

    @Test
    void pagesHaveEverybodyOnce() {
        IntStream.range(0, 250)
                .forEach(number -> subscribe("client-" + number % 83, "a/" + "+/".repeat(number / 83) + "#"));
        var topic = "a/b/c/d/e";
        var all = SubscriberSearch.in(trie, new FindSubscribers(topic, "", "", 1_000));
        assertThat(all.page()).hasSize(250);

        var paged = new ArrayList<Subscriber>();
        var last = new Subscriber("", "", false);
        var more = true;
        while (more) {
            var page = SubscriberSearch.in(trie, new FindSubscribers(topic, last.clientId(), last.filter(), 7));
            assertThat(page.subscriptions()).isEqualTo(250);
            assertThat(page.page()).hasSizeLessThanOrEqualTo(7).isNotEmpty();
            paged.addAll(page.page());
            last = paged.getLast();
            more = page.more();
        }
        assertThat(paged).isEqualTo(all.page());
    }

    @Test
    void aTopicThatNobodyWantsHasNoSubscribers() {
        subscribe("ann", "a");
        var found = SubscriberSearch.in(trie, new FindSubscribers("b", "", "", 1));
        assertThat(found.subscriptions()).isZero();
        assertThat(found.groups()).isZero();
        assertThat(found.page()).isEmpty();
        assertThat(found.more()).isFalse();
    }

    private void subscribe(String clientId, String... filters) {
        var session = new Session(clientId, 1, 0, () -> SessionLimits.DEFAULT, new NoOwner());
        var options = new SubscriptionOptions(Qos.AT_MOST_ONCE, false, false, RetainHandling.of(0), 0);
        for (var filter : List.of(filters)) {
            var subscribed = (SubscribeResult.Subscribed) session.subscribe(filter, options);
            assertThat(trie.add(TopicFilter.of(filter), subscribed.subscription()))
                    .isTrue();
        }
    }

    private static final class NoOwner implements SessionOwner {

        @Override
        public void ended(Session session) {}

        @Override
        public void presenceChanged(Session session) {}

        @Override
        public void dropped(Session session, DropReason reason) {}

        @Override
        public void passOn(Publication publication, Subscription subscription) {}

        @Override
        public void lookUpRetained(Session session, Subscription subscription, String afterTopic, int limit) {}
    }
}
