package io.meridianmq.core.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.LinkReport;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Qos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ControlMeshTest {

    private static final Place EAST = Place.region("us-east");
    private static final Place WEST = Place.region("eu-west");
    private static final Place ZONE = Place.zone("us-east", "a");
    private static final Place NODE = Place.node("us-east", "a", "1");
    private static final Question QUESTION = new Question.Explain("plant/7/temp", Qos.AT_LEAST_ONCE, NODE);
    private static final ControlSettings SETTINGS = new ControlSettings(Duration.ofSeconds(10), 5, 3, 2);

    private final Effects effects = new Effects();
    private final ControlMesh mesh = new ControlMesh(SETTINGS, effects, seconds(0));

    @Test
    void knowsRegionsFromTheDirectoryAndTheRestFromReports() {
        sees(member(EAST, 1));
        reports(EAST, report(member(NODE, 7), 1_000, Map.of("mqtt_connections", 3.0)), 1);

        assertThat(mesh.components()).containsOnlyKeys(Place.GLOBAL, EAST, NODE);
        assertThat(component(EAST).live()).isEmpty();
        assertThat(component(NODE).member()).isEqualTo(member(NODE, 7));
        assertThat(component(NODE).live())
                .contains(new LiveFigures(seconds(1), 1_000, Map.of("mqtt_connections", 3.0), Map.of(), List.of()));
    }

    @Test
    void aLaterReportReplacesAnEarlierOneAndTellsWhatChangedPerSecond() {
        sees(member(EAST, 1));
        reports(EAST, report(member(NODE, 7), 1_000, Map.of("mqtt_messages_total", 100.0)), 1);
        reports(EAST, report(member(NODE, 7), 3_000, Map.of("mqtt_messages_total", 150.0, "new", 1.0)), 3);

        var live = live(NODE);
        assertThat(live.figures()).containsOnly(Map.entry("mqtt_messages_total", 150.0), Map.entry("new", 1.0));
        assertThat(live.perSecond()).containsOnly(Map.entry("mqtt_messages_total", 25.0));
    }

    @Test
    void aReporterWhoseClockWasSetBackIsStillHeard() {
        sees(member(EAST, 1));
        reports(EAST, report(member(NODE, 7), 9_000, Map.of("n", 1.0)), 1);
        reports(EAST, report(member(NODE, 7), 1_000, Map.of("n", 2.0)), 2);

        assertThat(live(NODE).figures()).containsEntry("n", 2.0);
        assertThat(live(NODE).perSecond()).isEmpty();
    }

    @Test
    void bytesOfLinksAreToldPerSecondAndRestartWithTheLink() {
        sees(member(EAST, 1));
        reports(EAST, new Frame.Report(member(NODE, 7), 1_000, Map.of(), List.of(link(100, 10))), 1);
        assertThat(live(NODE).links()).containsExactly(new LiveLink(link(100, 10), 0, 0));

        reports(EAST, new Frame.Report(member(NODE, 7), 3_000, Map.of(), List.of(link(500, 20))), 3);
        assertThat(live(NODE).links()).containsExactly(new LiveLink(link(500, 20), 200, 5));

        reports(EAST, new Frame.Report(member(NODE, 7), 4_000, Map.of(), List.of(link(1, 21))), 4);
        assertThat(live(NODE).links()).containsExactly(new LiveLink(link(1, 21), 0, 1));
    }

    @Test
    void itsOwnReportIsWithThoseOfTheOthers() {
        mesh.report(Map.of("n", 1.0), List.of(), seconds(1), 1_000);
        assertThat(mesh.components()).isEmpty();

        sees();
        mesh.report(Map.of("n", 1.0), List.of(link(1, 1)), seconds(1), 1_000);
        assertThat(live(Place.GLOBAL).figures()).containsEntry("n", 1.0);
        assertThat(live(Place.GLOBAL).links()).hasSize(1);
        assertThat(effects.sent).isEmpty();
    }

    @Test
    void aComponentThatStopsReportingIsForgotten() {
        sees(member(EAST, 1));
        reports(EAST, report(member(NODE, 7), 0, Map.of()), 1);

        mesh.flush(seconds(11) - 1);
        assertThat(mesh.components()).containsKey(NODE);
        mesh.flush(seconds(11.2));
        assertThat(mesh.components()).containsOnlyKeys(Place.GLOBAL, EAST);
    }

    @Test
    void aRegionThatStopsReportingStaysListedWithoutFigures() {
        sees(member(EAST, 1));
        reports(EAST, report(member(EAST, 1), 0, Map.of("links", 2.0)), 1);
        assertThat(component(EAST).live()).isPresent();

        mesh.flush(seconds(12));
        assertThat(component(EAST).live()).isEmpty();
    }

    @Test
    void aLaterStartSupersedesAnEarlierOneWhicheverWayItIsKnown() {
        sees(member(EAST, 1));
        reports(EAST, report(member(NODE, 8), 0, Map.of("n", 8.0)), 1);
        reports(EAST, report(member(NODE, 7), 0, Map.of("n", 7.0)), 2);
        assertThat(live(NODE).figures()).containsEntry("n", 8.0);
        reports(EAST, report(member(NODE, 9), 1_000, Map.of("n", 9.0)), 3);
        assertThat(live(NODE).perSecond()).as("counters of another start").isEmpty();

        reports(EAST, report(member(EAST, 1), 0, Map.of()), 3);
        sees(member(EAST, 2));
        assertThat(component(EAST)).isEqualTo(new KnownComponent(member(EAST, 2), Optional.empty()));
        reports(EAST, report(member(EAST, 1), 0, Map.of()), 4);
        assertThat(component(EAST).live()).isEmpty();
        assertThat(mesh.figures().reportsStale()).isEqualTo(2);
    }

    @Test
    void reportsOverABoundOrFromTheWrongGatewayAreRefusedAndCounted() {
        sees(member(EAST, 1), member(WEST, 1));
        reports(WEST, report(member(NODE, 1), 0, Map.of()), 1);
        reports(EAST, report(member(NODE, 1), 0, Map.of("a", 1.0, "b", 1.0, "c", 1.0, "d", 1.0)), 1);
        var links = Collections.nCopies(Frame.Report.LINKS_MAX + 1, link(1, 1));
        reports(EAST, new Frame.Report(member(NODE, 1), 0, Map.of(), links), 1);
        assertThat(mesh.components()).doesNotContainKey(NODE);

        IntStream.range(0, 9)
                .mapToObj(n -> Place.node("us-east", "a", "n" + n))
                .forEach(node -> reports(EAST, report(member(node, 1), 0, Map.of()), 1));
        assertThat(mesh.figures().reporting()).isEqualTo(5);
        reports(EAST, report(member(Place.node("us-east", "a", "n0"), 1), 0, Map.of("n", 2.0)), 2);
        assertThat(live(Place.node("us-east", "a", "n0")).figures())
                .as("known components are updated at the bound, too")
                .containsEntry("n", 2.0);
        assertThat(mesh.figures().reportsRefused()).isEqualTo(3 + 4);
    }

    @Test
    void changesGrowWithWhatIsKnownAndOnlyThen() {
        var seen = new ArrayList<Long>();
        seen.add(mesh.changes());
        sees(member(EAST, 1));
        seen.add(mesh.changes());
        reports(EAST, report(member(NODE, 1), 0, Map.of()), 1);
        seen.add(mesh.changes());
        mesh.flush(seconds(20));
        seen.add(mesh.changes());
        assertThat(seen).isSorted().doesNotHaveDuplicates();

        reports(WEST, report(member(NODE, 1), 0, Map.of()), 21);
        mesh.flush(seconds(22));
        assertThat(mesh.changes()).isEqualTo(seen.getLast());
    }

    @Test
    void aQuestionGoesTowardItsRegionAndItsAnswerComesBackOnce() {
        sees(member(EAST, 1));
        mesh.onLinkUp(EAST, seconds(0));
        mesh.ask(1, NODE, QUESTION, seconds(2));

        assertThat(effects.sent).containsExactly(EAST + " " + new Frame.Request(1, Place.GLOBAL, NODE, QUESTION, 0));
        var response = new Frame.Response(1, NODE, Place.GLOBAL, new Answer.Explained(List.of()), 0);
        mesh.onFrame(EAST, response, seconds(1));
        mesh.onFrame(EAST, response, seconds(1));
        mesh.flush(seconds(3));
        assertThat(effects.outcomes).containsExactly("1 answered");
        assertThat(mesh.figures().lateAnswers()).isEqualTo(1);
    }

    @Test
    void aQuestionIsGivenUpAtItsDeadlineAndALateAnswerIgnored() {
        sees(member(EAST, 1));
        mesh.onLinkUp(EAST, seconds(0));
        mesh.ask(1, NODE, QUESTION, seconds(2));

        mesh.flush(seconds(2) - 1);
        assertThat(effects.outcomes).isEmpty();
        mesh.flush(seconds(2));
        mesh.onFrame(EAST, new Frame.Response(1, NODE, Place.GLOBAL, new Answer.Explained(List.of()), 0), seconds(2));
        assertThat(effects.outcomes).containsExactly("1 " + NODE + " TOO_LATE");
    }

    @Test
    void anAnswerFromSomebodyElseIsNoAnswer() {
        sees(member(EAST, 1));
        mesh.onLinkUp(EAST, seconds(0));
        mesh.ask(1, NODE, QUESTION, seconds(2));
        mesh.onFrame(EAST, new Frame.Response(1, ZONE, Place.GLOBAL, new Answer.Refused("?"), 0), seconds(1));

        assertThat(effects.outcomes).isEmpty();
        assertThat(mesh.figures().lateAnswers()).isEqualTo(1);
    }

    @Test
    void aQuestionForASlotIsAnsweredByWhicheverNodeOfTheZoneOwnsIt() {
        sees(member(EAST, 1));
        mesh.onLinkUp(EAST, seconds(0));
        mesh.ask(1, ZONE, new Question.FindClaim(7, "c"), seconds(2));
        var answer = new Answer.ClaimFound(NODE, Optional.empty());
        mesh.onFrame(EAST, new Frame.Response(1, WEST, Place.GLOBAL, answer, 0), seconds(1));
        assertThat(effects.outcomes).as("of another region").isEmpty();
        mesh.onFrame(EAST, new Frame.Response(1, NODE, Place.GLOBAL, answer, 0), seconds(1));
        assertThat(effects.outcomes).hasSize(1);
    }

    @Test
    void withoutALinkQuestionsAreGivenUpAtOnce() {
        sees(member(EAST, 1), member(WEST, 1));
        mesh.ask(1, NODE, QUESTION, seconds(2));
        mesh.onLinkUp(EAST, seconds(0));
        mesh.onLinkUp(WEST, seconds(0));
        mesh.ask(2, NODE, QUESTION, seconds(2));
        mesh.ask(3, WEST, QUESTION, seconds(2));
        mesh.onLinkDown(EAST, seconds(1));

        assertThat(effects.outcomes).containsExactly("1 " + NODE + " NO_LINK", "2 " + NODE + " NO_LINK");
        assertThat(mesh.figures().questions()).isEqualTo(1);
    }

    @Test
    void noMoreQuestionsWaitThanMay() {
        sees(member(EAST, 1));
        mesh.onLinkUp(EAST, seconds(0));
        for (var id = 1; id <= 3; id++) {
            mesh.ask(id, NODE, QUESTION, seconds(2));
        }
        assertThat(effects.outcomes).containsExactly("3 " + NODE + " TOO_MANY");
    }

    @Test
    void questionsToItAreRefusedAndPublicationsHaveNoBusinessHere() {
        sees(member(EAST, 1));
        mesh.onLinkUp(EAST, seconds(0));
        mesh.onFrame(EAST, new Frame.Request(4, EAST, Place.GLOBAL, QUESTION, 0), seconds(1));
        mesh.onFrame(EAST, new Frame.Request(5, EAST, WEST, QUESTION, 0), seconds(1));

        assertThat(effects.sent)
                .singleElement()
                .asString()
                .startsWith(EAST + " Response[id=4")
                .contains("Refused");
        assertThat(mesh.figures().misrouted()).isEqualTo(1);
    }

    @Test
    void readyOnceTheDirectoryIsSeen() {
        assertThat(mesh.isReady(seconds(60))).isFalse();
        sees();
        assertThat(mesh.isReady(seconds(60))).isTrue();
    }

    private void sees(Member... regions) {
        var members = Stream.concat(Stream.of(member(Place.GLOBAL, 1)), Stream.of(regions));
        mesh.onView(MembershipView.of(1, members.toList()), seconds(0));
    }

    private void reports(Place gateway, Frame.Report report, double atSeconds) {
        mesh.onFrame(gateway, report, seconds(atSeconds));
    }

    private KnownComponent component(Place place) {
        return Optional.ofNullable(mesh.components().get(place)).orElseThrow();
    }

    private LiveFigures live(Place place) {
        return component(place).live().orElseThrow();
    }

    private static Frame.Report report(Member member, long atMillis, Map<String, Double> figures) {
        return new Frame.Report(member, atMillis, figures, List.of());
    }

    private static LinkReport link(long sentBytes, long receivedBytes) {
        return new LinkReport(ZONE, true, 150, sentBytes, receivedBytes);
    }

    private static Member member(Place place, long boot) {
        return new Member(place, boot, "127.0.0.1:7000", "", "127.0.0.1:9000");
    }

    /** A clock that, like the real one, may start anywhere and overflow. */
    private static long seconds(double seconds) {
        return Long.MAX_VALUE - 1_000 + (long) (seconds * 1e9);
    }

    private static final class Effects implements ControlOutlet {

        final List<String> sent = new ArrayList<>();
        final List<String> outcomes = new ArrayList<>();

        @Override
        public void send(Place neighbour, Frame frame) {
            sent.add(neighbour + " " + frame);
        }

        @Override
        public void asked(Frame.Request request) {
            throw new AssertionError("global-control answers questions itself");
        }

        @Override
        public void answered(Frame.Response response) {
            outcomes.add(response.id() + " answered");
        }

        @Override
        public void unanswered(long id, Place component, Cause cause) {
            outcomes.add(id + " " + component + " " + cause);
        }

        @Override
        public void reported(Frame.Report report) {
            assertThat(report.member().place()).isNotEqualTo(Place.GLOBAL);
        }
    }
}
