package io.meridianmq.core.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.claim.ClaimSettings;
import io.meridianmq.core.digest.HeldDigests;
import io.meridianmq.core.interest.InterestTable;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.retained.RetainedMemory;
import io.meridianmq.core.retained.RetainedNode;
import io.meridianmq.core.route.AddressRules;
import io.meridianmq.core.route.Router;
import io.meridianmq.core.settings.CrossRegion;
import io.meridianmq.core.settings.PlatformSettings;
import io.meridianmq.core.slot.SlotTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeQuestionsTest {

    private static final AddressRules RULES = AddressRules.of(AddressRules.DEFAULT_TEMPLATES);
    private static final Incarnation SELF = new Incarnation(Place.node("us", "a", "1"), 10);
    private static final Place HERE = SELF.place();
    private static final Place GATEWAY = Place.zone("us", "a");
    private static final Incarnation PEER = new Incarnation(Place.node("us", "a", "2"), 20);
    private static final Question EXPLAIN = new Question.Explain("t", Qos.AT_LEAST_ONCE, HERE);
    private static final Question OF_SLOT = new Question.RetainedSum(3, true, 0);

    private final RecordedNode node = new RecordedNode();
    private final NodeWays ways = new NodeWays(SELF, node, Duration.ofSeconds(2), 0);
    private final List<Frame.Request> retainedAnswers = new ArrayList<>();
    private final NodeQuestions questions = new NodeQuestions(
            SELF,
            ways,
            node,
            new Router(HERE, RULES, new InterestTable(), new HeldDigests(), ways::view),
            new NodeClaims(SELF, ClaimSettings.DEFAULT, node, ways::tell, () -> false, 0),
            new RetainedNode(
                    SELF,
                    RULES,
                    () -> CrossRegion.of(PlatformSettings.of(1, Map.of(), List.of())),
                    new RetainedMemory(_ -> false),
                    new RetainedAnswers(),
                    0),
            0);

    NodeQuestionsTest() {
        ways.onView(RecordedNode.view(SELF, PEER, new Incarnation(GATEWAY, 1)));
        ways.onLinkUp(GATEWAY);
        ways.onLinkUp(PEER.place());
    }

    @Test
    void aQuestionToAComponentGoesThatWay() {
        questions.ask(1, Place.GLOBAL, EXPLAIN);
        assertThat(node.sent).containsExactly(sent(GATEWAY, request(Place.GLOBAL, EXPLAIN)));
    }

    @Test
    void aQuestionAboutASlotOfItsZoneGoesToTheOwner() {
        ways.onSlots(SlotTable.ofOne(PEER));
        questions.ask(1, GATEWAY, OF_SLOT);
        questions.ask(1, Place.region("us"), OF_SLOT);
        assertThat(node.sent)
                .containsExactly(
                        sent(PEER.place(), request(GATEWAY, OF_SLOT)), sent(PEER.place(), request(GATEWAY, OF_SLOT)));
    }

    @Test
    void aQuestionAboutASlotOfItsOwnIsAnsweredWithinTheCall() {
        ways.onSlots(SlotTable.ofOne(SELF));
        questions.ask(1, GATEWAY, OF_SLOT);
        assertThat(node.sent).isEmpty();
        assertThat(retainedAnswers).containsExactly(request(GATEWAY, OF_SLOT));
    }

    @Test
    void aQuestionIsAnsweredByTheWayBack() {
        var request = new Frame.Request(7, PEER.place(), HERE, EXPLAIN, 0);
        questions.onRequest(request);
        assertThat(node.sentTo(PEER.place(), Frame.Response.class))
                .singleElement()
                .satisfies(response -> {
                    assertThat(response.id()).isEqualTo(7);
                    assertThat(response.answerer()).isEqualTo(HERE);
                    assertThat(response.destination()).isEqualTo(PEER.place());
                    assertThat(response.answer()).isInstanceOf(Answer.Explained.class);
                });
    }

    @Test
    void theAnswerToItsOwnQuestionArrivesWithinTheCall() {
        var answer = new Answer.Refused("no");
        questions.answer(request(GATEWAY, EXPLAIN), answer);
        assertThat(node.sent).isEmpty();
        assertThat(node.answered).containsExactly(new Frame.Response(1, HERE, HERE, answer, 0));
    }

    @Test
    void operationsAreTakenFromGlobalControlAlone() {
        var resume = new Question.Resume();
        questions.onRequest(new Frame.Request(7, PEER.place(), HERE, resume, 0));
        assertThat(node.asked).isEmpty();
        assertThat(node.sentTo(PEER.place(), Frame.Response.class))
                .extracting(Frame.Response::answer)
                .containsExactly(new Answer.Refused("only global-control may ask this of " + HERE));

        var fromControl = new Frame.Request(8, Place.GLOBAL, HERE, resume, 0);
        questions.onRequest(fromControl);
        assertThat(node.asked).containsExactly(fromControl);
    }

    @Test
    void aQuestionToSomebodyElseIsCountedAndNotAnswered() {
        questions.onRequest(new Frame.Request(7, Place.GLOBAL, PEER.place(), EXPLAIN, 0));
        questions.onRequest(new Frame.Request(8, Place.GLOBAL, GATEWAY, EXPLAIN, 0));
        questions.onRequest(new Frame.Request(9, Place.GLOBAL, Place.zone("us", "b"), OF_SLOT, 0));
        assertThat(questions.misrouted()).isEqualTo(3);
        assertThat(node.sent).isEmpty();
    }

    private static Frame.Request request(Place destination, Question question) {
        return new Frame.Request(1, HERE, destination, question, 0);
    }

    private static RecordedNode.Sent sent(Place neighbour, Frame frame) {
        return new RecordedNode.Sent(neighbour, frame);
    }

    private final class RetainedAnswers implements RetainedNode.Outlet {
        @Override
        public void send(long id, Place destination, Question question) {
            throw new AssertionError("nothing is retained: " + question);
        }

        @Override
        public void answer(Frame.Request request, Answer answer) {
            retainedAnswers.add(request);
        }

        @Override
        public boolean reaches(Place place) {
            return false;
        }

        @Override
        public boolean isSuspended() {
            return false;
        }
    }
}
