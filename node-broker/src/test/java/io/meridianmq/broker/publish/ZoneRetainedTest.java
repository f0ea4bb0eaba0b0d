package io.meridianmq.broker.publish;

import static io.meridianmq.broker.publish.RetainedZone.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.broker.publish.RetainedZone.Answered;
import io.meridianmq.broker.publish.RetainedZone.Link;
import io.meridianmq.broker.publish.RetainedZone.Seen;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.publication.Publication;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZoneRetainedTest {

    private static final Question.RetainedLookup EVERYTHING = new Question.RetainedLookup("#", "", 100);

    @TempDir
    private Path folder;

    private RetainedZone zone;

    @BeforeEach
    void open() throws IOException {
        zone = new RetainedZone(3, folder, RetainedZone::settings);
    }

    @AfterEach
    void close() {
        zone.close();
    }

    @Test
    void aMessageIsFoundFromEveryNode() {
        put(1, "a/b", "v", NOW);
        for (var node = 0; node < 3; node++) {
            assertThat(lookUp(node, "a/b")).containsExactly(new Seen("a/b", "v"));
            assertThat(lookUp(node, "a/+")).containsExactly(new Seen("a/b", "v"));
            assertThat(lookUp(node, "b/#")).isEmpty();
        }
    }

    @Test
    void theNewestVersionCountsWhereverItIs() {
        put(0, "t", "old", NOW);
        put(2, "t", "new", NOW + 2);
        put(1, "t", "older", NOW - 1);
        for (var node = 0; node < 3; node++) {
            assertThat(lookUp(node, "t")).containsExactly(new Seen("t", "new"));
        }
    }

    @Test
    void aNewerClearAtOneNodeHidesTheMessageAtAnother() {
        put(0, "t", "old", NOW);
        put(1, "t", "", NOW + 1);
        for (var node = 0; node < 3; node++) {
            assertThat(lookUp(node, "t")).isEmpty();
            assertThat(lookUp(node, "#")).isEmpty();
        }
        put(2, "t", "again", NOW + 2);
        assertThat(lookUp(0, "t")).containsExactly(new Seen("t", "again"));
    }

    @Test
    void anExpiredMessageHidesTheOneThatItReplaced() {
        put(0, "t", "old", NOW);
        zone.publish(1, "t", "short", NOW + 1, NOW + 10);
        assertThat(lookUp(2, "t")).containsExactly(new Seen("t", "short"));
        zone.pass(Duration.ofMillis(10)); // [MQTT-3.3.2-5]
        assertThat(lookUp(2, "t")).isEmpty();
    }

    @Test
    void aPageEndsWhereANodeThatHasMoreEnds() {
        for (var i = 0; i < 4; i++) {
            put(0, "a/" + i, "v" + i, NOW);
        }
        put(1, "a/3", "", NOW + 1);
        put(1, "a/9", "last", NOW);
        var first = zone.lookUp(2, "a/+", "", 3).join();
        assertThat(first)
                .isEqualTo(new Answered(
                        List.of(new Seen("a/0", "v0"), new Seen("a/1", "v1"), new Seen("a/2", "v2")), true));
        assertThat(zone.lookUp(2, "a/+", "a/2", 3).join())
                .isEqualTo(new Answered(List.of(new Seen("a/9", "last")), false));
    }

    @Test
    void goesOnUntilThereIsAMessageToAnswerWith() {
        for (var i = 0; i < 9; i++) {
            put(0, "a/" + i, "", NOW);
        }
        put(1, "a/7/x", "v", NOW);
        assertThat(zone.lookUp(2, "a/#", "", 2).join().found()).containsExactly(new Seen("a/7/x", "v"));
    }

    @Test
    void leavesOutANodeThatDoesNotAnswerInTime() {
        put(0, "a", "here", NOW);
        put(1, "b", "late", NOW);
        put(2, "c", "there", NOW);
        zone.link(1, Link.HOLDS);
        var answer = zone.lookUp(0, "#", "", 100);
        zone.pass(ZoneRetained.DEADLINE.minusMillis(1));
        assertThat(answer).isNotDone();
        assertThat(zone.missed()).isZero();
        zone.pass(Duration.ofMillis(1));
        assertThat(answer.join())
                .isEqualTo(new Answered(List.of(new Seen("a", "here"), new Seen("c", "there")), false));
        assertThat(zone.missed()).isEqualTo(1);
        zone.deliverHeld(); // Too late: nothing happens, and nothing is kept.
        assertThat(zone.missed()).isEqualTo(1);
    }

    @Test
    void waitsForNobodyTwiceInOneLookUp() {
        for (var i = 0; i < 9; i++) {
            put(0, "a/" + i, "", NOW);
        }
        zone.link(1, Link.HOLDS);
        var answer = zone.lookUp(2, "a/#", "", 2);
        zone.pass(ZoneRetained.DEADLINE);
        assertThat(answer.join()).isEqualTo(new Answered(List.of(), false));
        assertThat(zone.asked(1)).isEqualTo(1);
        assertThat(zone.missed()).isEqualTo(1);
    }

    @Test
    void anAnswerBeforeTheDeadlineIsTaken() {
        put(1, "b", "slow", NOW);
        zone.link(1, Link.HOLDS);
        var answer = zone.lookUp(0, "#", "", 100);
        zone.deliverHeld();
        assertThat(answer.join().found()).containsExactly(new Seen("b", "slow"));
        zone.pass(ZoneRetained.DEADLINE);
        assertThat(zone.missed()).isZero();
    }

    @Test
    void asksANodeThatRefusesAgain() {
        put(1, "b", "busy", NOW);
        zone.link(1, Link.REFUSES);
        var answer = zone.lookUp(0, "#", "", 100);
        zone.pass(Duration.ofMillis(10));
        assertThat(answer).isNotDone();
        zone.link(1, Link.UP);
        zone.pass(Duration.ofMillis(20));
        assertThat(answer.join().found()).containsExactly(new Seen("b", "busy"));
        assertThat(zone.missed()).isZero();
    }

    @Test
    void aNodeThatKeepsRefusingIsLeftOut() {
        put(0, "a", "here", NOW);
        zone.link(1, Link.REFUSES);
        var answer = zone.lookUp(0, "#", "", 100);
        for (var i = 0; i < ZoneRetained.REPEATS_MAX; i++) {
            assertThat(answer).isNotDone();
            zone.pass(Duration.ofMillis(10L << i));
        }
        assertThat(answer.join().found()).containsExactly(new Seen("a", "here"));
        assertThat(zone.missed()).isEqualTo(1);
        assertThat(zone.asked(1)).isEqualTo(1 + ZoneRetained.REPEATS_MAX);
    }

    @Test
    void refusesMoreLookUpsOfOthersThanItReadsAtOnce() {
        put(0, "t", "v", NOW);
        var waiting = new ArrayDeque<Runnable>();
        var local = new LocalRetained(zone.warm(0), waiting::add);
        var answers = new ArrayList<Answer>();
        for (var i = 0; i < LocalRetained.PEER_READERS_MAX; i++) {
            local.answer(EVERYTHING, answers::add);
        }
        assertThat(answers).isEmpty();
        local.answer(EVERYTHING, answers::add);
        assertThat(answers).containsExactly(new Answer.Refused("busy"));
        waiting.remove().run();
        local.answer(EVERYTHING, answers::add);
        waiting.forEach(Runnable::run);
        assertThat(answers.stream().filter(Answer.RetainedFound.class::isInstance))
                .hasSize(LocalRetained.PEER_READERS_MAX + 1);
    }

    @Test
    void answersWithTombstonesAsEmptyMessages() {
        zone.publish(0, "t", "", NOW, Publication.NEVER);
        zone.local(0).answer(EVERYTHING, answer -> {
            var found = ((Answer.RetainedFound) answer).found();
            assertThat(found).hasSize(1);
            assertThat(found.getFirst().topic()).isEqualTo("t");
            assertThat(found.getFirst().id().number()).isEqualTo(1);
        });
    }

    @Test
    void answersFitIntoAFrame() {
        var large = "v".repeat(LocalRetained.ANSWER_BYTES_MAX / 2 - 1_000);
        for (var i = 0; i < 3; i++) {
            put(0, "a/" + i, large, NOW);
        }
        put(0, "b", large.repeat(3), NOW);
        assertThat(zone.lookUp(1, "#", "", 100).join())
                .isEqualTo(new Answered(List.of(new Seen("a/0", large), new Seen("a/1", large)), true));
        assertThat(zone.lookUp(1, "#", "a/1", 100).join())
                .isEqualTo(new Answered(List.of(new Seen("a/2", large)), true));
        assertThat(zone.lookUp(1, "#", "a/2", 100).join())
                .isEqualTo(new Answered(List.of(new Seen("b", large.repeat(3))), false));
    }

    @Test
    void refusesWhatIsNoLookUp() {
        var answers = new ArrayList<Answer>();
        zone.local(0).answer(new Question.RetainedLookup("a/#/b", "", 1), answers::add);
        zone.local(0).answer(new Question.RetainedLookup("a", "", 0), answers::add);
        zone.warm(0).close();
        zone.local(0).answer(EVERYTHING, answers::add);
        assertThat(answers).hasSize(3).allMatch(Answer.Refused.class::isInstance);
    }

    private void put(int node, String topic, String text, long atMillis) {
        zone.publish(node, topic, text, atMillis, Publication.NEVER);
    }

    private List<Seen> lookUp(int node, String filter) {
        var answered = zone.lookUp(node, filter, "", 100).join();
        assertThat(answered.more()).isFalse();
        return answered.found();
    }
}
