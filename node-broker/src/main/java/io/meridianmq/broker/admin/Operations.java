package io.meridianmq.broker.admin;

import io.meridianmq.broker.limit.Drain;
import io.meridianmq.broker.session.SessionTables;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.session.CloseReason;
import io.meridianmq.core.session.Subscription;
import io.meridianmq.topic.InvalidTopicException;
import io.meridianmq.topic.SubscriptionTrie;
import io.meridianmq.topic.TopicName;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what operators want of this node. Calls come on the mesh thread and return at once; answers come on any thread.
 *
 * <p>What looks at sessions runs on their loops and looks at one of them. What looks at all subscriptions runs aside, at
 * most {@value #SEARCHES_MAX} at a time.
 */
public final class Operations {

    private static final Logger log = LoggerFactory.getLogger(Operations.class);

    private static final int SEARCHES_MAX = 2;

    private final Drain drain;
    private final SubscriptionTrie<Subscription> trie;
    private final Executor aside;
    private final Semaphore searches = new Semaphore(SEARCHES_MAX);

    /** Set once the node has joined the others. */
    private volatile Membership membership = new Membership(_ -> {}, () -> 0);

    /** Set once the node takes clients. */
    private volatile Optional<Clients> clients = Optional.empty();

    /**
     * The node among the others; both are called on the mesh thread.
     *
     * @param listDraining tells the directory, and so the leader of the zone's slots, whether it is on its way out
     * @param slots how many slots it serves
     */
    public record Membership(Consumer<Boolean> listDraining, IntSupplier slots) {}

    /**
     * The clients of the node.
     *
     * @param connections how many are connected
     */
    public record Clients(SessionTables sessions, IntSupplier connections) {}

    /**
     * What operators may do.
     *
     * @param drain whether clients are asked to go elsewhere
     * @param trie all subscriptions of the node
     * @param aside runs what takes long; must not be the mesh thread or a loop
     */
    public Operations(Drain drain, SubscriptionTrie<Subscription> trie, Executor aside) {
        this.drain = drain;
        this.trie = trie;
        this.aside = aside;
    }

    /** From here on the others are told whether the node is on its way out of service. */
    public void joined(Membership newMembership) {
        membership = newMembership;
    }

    /** From here on there are clients. */
    public void serve(Clients newClients) {
        clients = Optional.of(newClients);
    }

    /** Does it, or refuses; answers once. */
    public void perform(Question.NodeOperation operation, Consumer<Answer> onAnswer) {
        var present = clients;
        if (present.isEmpty()) {
            onAnswer.accept(new Answer.Refused("the node is starting: it takes no clients yet, try again"));
            return;
        }
        var sessions = present.get().sessions();
        switch (operation) {
            case Question.Drain(var delayMillis, var clientsPerSecond) -> {
                log.info(
                        "the node goes out of service: from {} ms on, {} clients a second are asked to leave",
                        delayMillis,
                        clientsPerSecond);
                drain.start(TimeUnit.MILLISECONDS.toNanos(delayMillis), clientsPerSecond, System.nanoTime());
                membership.listDraining().accept(true);
                onAnswer.accept(status(present.get()));
            }
            case Question.Resume() -> {
                log.info("the node is back in service");
                drain.resume();
                membership.listDraining().accept(false);
                onAnswer.accept(status(present.get()));
            }
            case Question.FindSession(var clientId) ->
                sessions.look(clientId, found -> onAnswer.accept(new Answer.SessionFound(found)));
            case Question.DisconnectClient(var clientId) -> {
                log.info("client {} is disconnected by an operator", clientId);
                sessions.disconnect(
                        clientId,
                        CloseReason.ADMINISTRATIVE_ACTION,
                        done -> onAnswer.accept(new Answer.Disconnected(done)));
            }
            case Question.FindSubscribers question -> search(question, onAnswer);
        }
    }

    private Answer.DrainStatus status(Clients present) {
        return new Answer.DrainStatus(
                drain.isDraining(),
                present.connections().getAsInt(),
                membership.slots().getAsInt());
    }

    private void search(Question.FindSubscribers question, Consumer<Answer> onAnswer) {
        try {
            TopicName.check(question.topic());
        } catch (InvalidTopicException e) {
            onAnswer.accept(new Answer.Refused(String.valueOf(e.getMessage())));
            return;
        }
        if (!searches.tryAcquire()) {
            onAnswer.accept(new Answer.Refused(
                    "the node looks for the subscribers of " + SEARCHES_MAX + " topics already: try again later"));
            return;
        }
        aside.execute(() -> {
            try {
                onAnswer.accept(SubscriberSearch.in(trie, question));
            } finally {
                searches.release();
            }
        });
    }
}
