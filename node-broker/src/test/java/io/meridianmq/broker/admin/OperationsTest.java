package io.meridianmq.broker.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.broker.limit.Drain;
import io.meridianmq.broker.session.ClientRegistry;
import io.meridianmq.broker.session.SessionTables;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Question;
import io.meridianmq.topic.SubscriptionTrie;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** What a node does when operators want something of it; what becomes of its clients is the subject of others. */
class OperationsTest {

    private static final Question.FindSubscribers SEARCH = new Question.FindSubscribers("a", "", "", 1);

    private final Drain drain = new Drain();
    private final Queue<Runnable> aside = new ArrayDeque<>();
    private final List<Boolean> listed = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();
    private final Operations operations = new Operations(drain, new SubscriptionTrie<>(), aside::add);

    @Test
    void refusesUntilTheNodeTakesClients() {
        operations.perform(new Question.Drain(0, 1), answers::add);
        assertThat(answers)
                .containsExactly(new Answer.Refused("the node is starting: it takes no clients yet, try again"));
        assertThat(drain.isDraining()).isFalse();
    }

    @Test
    void drainingIsListedAndToldWithWhatIsLeft() {
        serve();
        operations.perform(new Question.Drain(5_000, 1), answers::add);
        assertThat(drain.isDraining()).isTrue();
        operations.perform(new Question.Resume(), answers::add);
        assertThat(drain.isDraining()).isFalse();
        assertThat(listed).containsExactly(true, false);
        assertThat(answers)
                .containsExactly(new Answer.DrainStatus(true, 7, 1_365), new Answer.DrainStatus(false, 7, 1_365));
    }

    @Test
    void clientsThatAreNotHereAreNotFound() {
        serve();
        operations.perform(new Question.FindSession("c"), answers::add);
        operations.perform(new Question.DisconnectClient("c"), answers::add);
        assertThat(answers).containsExactly(new Answer.SessionFound(Optional.empty()), new Answer.Disconnected(false));
    }

    @Test
    void noMoreThanTwoTopicsAreSearchedForAtATime() {
        serve();
        operations.perform(SEARCH, answers::add);
        operations.perform(SEARCH, answers::add);
        assertThat(answers).isEmpty();
        operations.perform(SEARCH, answers::add);
        assertThat(answers).singleElement().isInstanceOf(Answer.Refused.class);
        aside.remove().run();
        aside.remove().run();
        operations.perform(SEARCH, answers::add);
        aside.remove().run();
        assertThat(answers)
                .filteredOn(Answer.SubscribersFound.class::isInstance)
                .hasSize(3);
    }

    @Test
    void aTopicWithWildcardsIsRefused() {
        serve();
        operations.perform(new Question.FindSubscribers("a/#", "", "", 1), answers::add);
        assertThat(answers).singleElement().isInstanceOf(Answer.Refused.class);
    }

    private void serve() {
        operations.joined(new Operations.Membership(listed::add, () -> 1_365));
        operations.serve(new Operations.Clients(new SessionTables(List.of(), new ClientRegistry()), () -> 7));
    }
}
