package io.meridianmq.core.mesh;

import static io.meridianmq.core.mesh.ClaimZone.CLIENT;
import static io.meridianmq.core.mesh.ClaimZone.will;
import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.claim.ClaimSettings;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.ClaimMessage;
import io.meridianmq.core.link.ClaimMessage.Ending;
import io.meridianmq.core.link.ClaimRecord;
import io.meridianmq.core.link.SlotMessage;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.slot.SlotHash;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** One connection per client identifier in a zone, whoever comes and goes. Wills are the subject of {@code WillRulesTest}. */
final class NodeClaimsTest {

    /** Nodes 1 and 2 have clients, 3 owns the slots, 4 is the standby. */
    private final ClaimZone zone = new ClaimZone(4);

    NodeClaimsTest() {
        zone.own(3, 4);
    }

    @Test
    void opensAtOnceOnANodeOfItsOwn() {
        var alone = new ClaimZone(1);
        alone.own(1);

        var connection = alone.new Connection(alone.node(1), CLIENT, 0, Optional.empty());
        alone.node(1).claims.open(CLIENT, true, 0, Optional.empty(), connection, alone.nowNanos());

        assertThat(connection.isOpen).as("within the same call").isTrue();
    }

    @Test
    void endsTheConnectionBeforeOnAnotherNode() { // [MQTT-3.1.4-3]
        var first = zone.node(1).connect(CLIENT, false, 60, Optional.empty());
        zone.node(2).connect(CLIENT, false, 60, Optional.empty());

        assertThat(first.isOpen).isFalse();
        assertThat(zone.take())
                .containsExactlyInAnyOrder("1: client opens", "2: client goes on", "1: client expelled TAKEN_OVER");
        assertThat(find(3)).get().extracting(ClaimRecord::front).isEqualTo(zone.node(2).incarnation);
    }

    @Test
    void keepsTheSessionOnTheSameNode() { // [MQTT-3.1.2-5]
        zone.node(1).connect(CLIENT, false, 60, Optional.empty());
        zone.node(1).connect(CLIENT, false, 60, Optional.empty());

        assertThat(zone.take())
                .containsExactly("1: client opens", "1: client expelled TAKEN_OVER", "1: client goes on");
    }

    @Test
    void endsTheSessionOfAClientThatBeginsAnewElsewhere() { // [MQTT-3.1.2-4]
        zone.node(1).connect(CLIENT, false, 60, Optional.empty()).close(Ending.LOST);
        zone.node(2).connect(CLIENT);

        assertThat(zone.take())
                .containsExactlyInAnyOrder("1: client opens", "3: session of client ends", "2: client opens");
        assertThat(zone.node(3).claims.homes().count()).isZero();
    }

    @Test
    void keepsTheSessionOfAClientThatComesBackInTime() {
        zone.node(1).connect(CLIENT, false, 60, Optional.empty()).close(Ending.LOST);
        zone.pass(59);
        zone.node(1).connect(CLIENT, false, 60, Optional.empty()).close(Ending.LOST);
        zone.pass(61);
        zone.node(1).connect(CLIENT, false, 60, Optional.empty());

        assertThat(zone.take()).containsExactly("1: client opens", "1: client goes on", "1: client opens");
    }

    @Test
    void findsTheSessionFromEveryNode() {
        zone.node(1).connect(CLIENT, false, 60, Optional.empty()).close(Ending.LOST);
        zone.node(2).connect(CLIENT, false, 60, Optional.empty()).close(Ending.LOST);
        zone.node(3).connect(CLIENT, false, 60, Optional.empty());

        assertThat(zone.take()).containsExactly("1: client opens", "2: client goes on", "3: client goes on");
        assertThat(find(3)).get().extracting(ClaimRecord::home).isEqualTo(Optional.of(zone.node(3).incarnation));
    }

    @Test
    void findsTheSessionWhenItsSlotHasAnotherOwner() {
        zone.node(1).connect(CLIENT, false, 60, Optional.empty()).close(Ending.LOST);
        zone.own(4);
        zone.node(2).connect(CLIENT, false, 60, Optional.empty()).close(Ending.LOST);
        zone.own(1);
        zone.pass(3);
        zone.node(2).connect(CLIENT, false, 60, Optional.empty());

        assertThat(zone.take()).containsExactly("1: client opens", "2: client goes on", "2: client goes on");
        assertThat(find(1)).get().extracting(ClaimRecord::home).isEqualTo(Optional.of(zone.node(3).incarnation));
    }

    @Test
    void keepsTheSessionOfAClientWhoseFrontIsGone() {
        zone.node(1).connect(CLIENT, false, 60, Optional.empty());
        zone.kill(1);
        zone.showView();
        zone.node(2).connect(CLIENT, false, 60, Optional.empty());

        assertThat(zone.take()).containsExactly("1: client opens", "2: client goes on");
    }

    @Test
    void waitsUntilAHomeThatHasStartedAgainTellsWhatItKept() {
        zone.node(1).connect(CLIENT, false, 60, Optional.empty()).close(Ending.LOST);
        var home = zone.node(3);
        zone.kill(3);
        zone.showView();
        zone.own(4);
        zone.restart(3, 2, home);
        zone.arrives = (from, to) -> from != 3 || to != 4;
        zone.showView();
        zone.table(3);
        zone.node(2).connect(CLIENT, false, 60, Optional.empty());
        assertThat(zone.take()).as("before the home has said what it has").containsExactly("1: client opens");
        zone.arrives = (_, _) -> true;
        zone.pass(2);

        assertThat(zone.take()).containsExactly("2: client goes on");
    }

    @Test
    void beginsAnewWhileTheHomeIsGoneAndInheritsFromTheSessionThatComesBack() {
        zone.node(1).connect(CLIENT, false, 60, Optional.empty()).close(Ending.LOST);
        var home = zone.node(3);
        zone.kill(3);
        zone.showView();
        zone.own(4);
        zone.node(1).connect(CLIENT, false, 60, Optional.empty());
        zone.restart(3, 2, home);
        zone.showView();
        zone.table(3);
        zone.pass(3);
        zone.node(2).connect(CLIENT, false, 60, Optional.empty());

        assertThat(zone.take())
                .containsExactly(
                        "1: client opens",
                        "1: client opens",
                        "3: session of client passes to 4",
                        "1: client expelled TAKEN_OVER",
                        "2: client goes on");
        assertThat(zone.node(4).claims.homes().count()).isOne();
    }

    @Test
    void inheritsNothingFromASessionThatWasToEnd() { // [MQTT-3.1.2-4]
        zone.node(1).connect(CLIENT, false, 60, Optional.empty()).close(Ending.LOST);
        var home = zone.node(3);
        zone.kill(3);
        zone.showView();
        zone.own(4);
        zone.node(1).connect(CLIENT, true, 60, Optional.empty());
        zone.node(1).connect(CLIENT, false, 60, Optional.empty());
        zone.take();
        zone.restart(3, 2, home);
        zone.showView();
        zone.table(3);
        zone.pass(3);

        assertThat(zone.take()).containsExactly("3: session of client ends");
    }

    @Test
    void findsSessionsAfterEverybodyHasStartedAgain() {
        zone.node(1).connect(CLIENT, false, 600, Optional.of(will("gone", 30))).close(Ending.LOST);
        zone.pass(5);
        var before = List.of(zone.node(1), zone.node(2), zone.node(3), zone.node(4));
        before.forEach(node -> zone.kill(node.number));
        zone.take();
        before.forEach(node -> zone.restart(node.number, 2, node));
        zone.showView();
        zone.own(2);
        zone.pass(1);
        zone.node(1).connect("another", false, 600, Optional.empty()).close(Ending.LOST);
        zone.pass(26);
        zone.node(1).connect(CLIENT, false, 600, Optional.empty());

        assertThat(zone.take()).containsExactly("1: another opens", "2: will of client gone", "1: client goes on");
        assertThat(zone.wills).as("on the disk of the home").isEmpty();
    }

    @Test
    void forgetsSessionsThatTheirHomeHasLost() {
        zone.node(1).connect(CLIENT, false, 600, Optional.empty()).close(Ending.LOST);
        zone.kill(3);
        zone.showView();
        zone.own(4);
        zone.start(3, 2);
        zone.showView();
        zone.table(3);
        zone.pass(3);

        assertThat(claims(4)).isZero();
    }

    @Test
    void forgetsAClientWhoseSessionEnds() {
        zone.node(1).connect("short", true, 0, Optional.empty()).close(Ending.NORMAL);
        zone.node(1).connect("long", true, 60, Optional.empty()).close(Ending.NORMAL);
        assertThat(claims(3)).as("with a session that waits").isEqualTo(1);

        zone.pass(61);

        assertThat(claims(3)).isZero();
        assertThat(zone.node(3).claims.homes().count()).isZero();
        assertThat(zone.node(4).claims.figures().copiedClaims()).isZero();
        assertThat(zone.node(1).claims.figures().front().clients()).isZero();
    }

    @Test
    void letsTheStandbyGoOn() {
        var connected = zone.node(1).connect("connected");
        zone.node(1).connect("away", false, 600, Optional.empty()).close(Ending.LOST);
        zone.take();

        zone.own(4);
        zone.node(1).connect("away", false, 600, Optional.empty());
        zone.node(2).connect("connected");

        assertThat(zone.take())
                .containsExactlyInAnyOrder(
                        "1: away goes on", "2: connected opens", "1: connected expelled TAKEN_OVER, session ends");
        assertThat(connected.isOpen).isFalse();
    }

    @Test
    void tellsOperatorsWhoHasAClient() {
        zone.node(1).connect("connected", false, 600, Optional.of(will("gone", 5)));
        zone.node(2).connect("away", false, 60, Optional.empty()).close(Ending.LOST);
        zone.pass(7);

        assertThat(look(3, "connected"))
                .isEqualTo(found(
                        3,
                        new Answer.ClaimView(
                                zone.node(3).incarnation.place(),
                                new ConnectionNumber(1, 1),
                                600,
                                OptionalLong.of(5),
                                ClaimRecord.CONNECTED)));
        assertThat(look(3, "away"))
                .isEqualTo(found(
                        3,
                        new Answer.ClaimView(
                                zone.node(3).incarnation.place(),
                                new ConnectionNumber(1, 1),
                                60,
                                OptionalLong.empty(),
                                7_000)));
        assertThat(look(3, "nobody"))
                .isEqualTo(new Answer.ClaimFound(zone.node(3).incarnation.place(), Optional.empty()));
        assertThat(look(4, "connected")).as("at the standby").isInstanceOf(Answer.Refused.class);
    }

    @Test
    void tellsNothingBeforeTheFrontsHaveSaidWhatTheyHave() {
        zone.own(3);
        zone.node(1).connect(CLIENT);
        zone.arrives = (_, _) -> false;
        zone.kill(3);
        zone.showView();
        zone.own(4);
        assertThat(look(4, CLIENT)).isInstanceOf(Answer.Refused.class);
        zone.arrives = (_, _) -> true;
        zone.pass(1);
        assertThat(look(4, CLIENT))
                .isInstanceOfSatisfying(
                        Answer.ClaimFound.class,
                        found -> assertThat(found.claim())
                                .hasValueSatisfying(claim -> assertThat(claim.node())
                                        .isEqualTo(zone.node(1).incarnation.place())));
        zone.node(4).roles.suspend();
        assertThat(look(4, CLIENT)).as("it may have been replaced").isInstanceOf(Answer.Refused.class);
    }

    @Test
    void learnsFromFrontsAndHomesWhatAnOwnerWithoutStandbyKnew() {
        zone.own(2);
        zone.node(1).connect("connected", false, 600, Optional.of(will("gone", 0)));
        zone.node(1).connect("away", false, 600, Optional.empty()).close(Ending.LOST);
        zone.node(2).connect("other");
        zone.own(3);
        zone.take();

        zone.kill(3);
        zone.showView();
        zone.own(4);
        assertThat(claims(4)).isEqualTo(3);
        zone.node(1).connect("away", false, 600, Optional.empty());
        zone.node(2).connect("connected");

        assertThat(zone.take())
                .containsExactlyInAnyOrder(
                        "1: away goes on",
                        "2: connected opens",
                        "1: connected expelled TAKEN_OVER",
                        "2: session of connected ends",
                        "4: will of connected gone");
    }

    @Test
    void waitsForFrontsNoLongerThanTwoSeconds() {
        zone.own(3);
        zone.kill(3);
        zone.showView();
        zone.arrives = (from, _) -> from != 2;
        zone.own(4);
        var connection = zone.node(1).connect(CLIENT);

        zone.pass(1.9);
        assertThat(connection.isOpen).isFalse();
        zone.pass(0.5);
        assertThat(connection.isOpen).isTrue();
    }

    @Test
    void evictsWhatAWaitingFrontAnnouncesTooLate() {
        zone.own(3);
        var stale = zone.node(2).connect(CLIENT);
        zone.kill(3);
        zone.showView();
        zone.arrives = (from, to) -> from != 2 && to != 2;
        zone.own(4);
        zone.pass(2.1);
        var fresh = zone.node(1).connect(CLIENT);
        zone.pass(1);

        zone.arrives = (_, _) -> true;
        zone.pass(1);

        assertThat(stale.isOpen).isFalse();
        assertThat(fresh.isOpen).isTrue();
    }

    @Test
    void asksAgainUntilItIsAnswered() {
        zone.arrives = (from, _) -> from != 3;
        var connection = zone.node(1).connect(CLIENT);
        zone.pass(1);
        assertThat(connection.isOpen).isFalse();

        zone.arrives = (_, _) -> true;
        zone.pass(0.6);

        assertThat(connection.isOpen).isTrue();
        assertThat(zone.node(3).claims.figures().owner().opens()).isEqualTo(1);
    }

    @Test
    void grantsNothingThatTheStandbyDoesNotKnow() {
        zone.arrives = (from, to) -> from != 3 || to != 4;
        var connection = zone.node(1).connect(CLIENT);
        zone.pass(2);

        assertThat(connection.isOpen).isFalse();
        assertThat(zone.node(3).claims.figures().owner().behind()).isPositive();
    }

    @Test
    void bringsNothingAboutOnceItHasBeenReplaced() {
        var paused = zone.node(3);
        zone.nodes.remove(3);
        zone.own(4);
        zone.node(1).connect(CLIENT);
        zone.take();

        // It wakes up, and a message that was under way for it arrives.
        zone.nodes.put(3, paused);
        var oldEpoch = new ClaimMessage.Open(1, CLIENT, 77, true, 0, Optional.empty());
        paused.claims.onMessages(
                zone.node(2).incarnation, new SlotMessage.Claims(1, List.of(oldEpoch)), zone.nowNanos());
        zone.settle();
        zone.pass(1);

        assertThat(zone.take()).isEmpty();
        assertThat(find(4)).get().extracting(ClaimRecord::front).isEqualTo(zone.node(1).incarnation);
    }

    @Test
    void bringsNothingAboutWhileItMayHaveBeenReplaced() {
        zone.own(3);
        zone.node(3).roles.suspend();
        var connection = zone.node(1).connect(CLIENT);
        zone.pass(1);
        assertThat(connection.isOpen).isFalse();

        zone.node(3).roles.resume();
        zone.pass(0.5);

        assertThat(connection.isOpen).isTrue();
    }

    @Test
    void givesUpClientsWhoseOwnerIsNotHeardOf() {
        zone.node(1).connect("one", true, 0, Optional.empty());
        zone.node(2).connect("two", true, 0, Optional.empty());
        zone.take();

        zone.arrives = (from, to) -> from != 1 && to != 1;
        zone.pass(9);
        assertThat(zone.take()).isEmpty();
        zone.pass(3);
        assertThat(zone.take()).containsExactly("1: one expelled OWNER_UNREACHABLE");
        assertThat(claims(3)).as("the owner does not know yet").isEqualTo(2);

        zone.arrives = (_, _) -> true;
        zone.pass(1);
        assertThat(claims(3)).isEqualTo(1);
    }

    @Test
    void keepsClientsWhileTheOwnerIsHeardOf() {
        zone.node(1).connect(CLIENT);
        zone.take();

        zone.pass(60);

        assertThat(zone.take()).isEmpty();
    }

    @Test
    void refusesClientsOfASlotThatNobodyServes() {
        var vacant = new ClaimZone(1);
        var connection = vacant.node(1).connect(CLIENT);

        vacant.pass(11);

        assertThat(vacant.take()).containsExactly("1: client refused OWNER_UNREACHABLE");
        assertThat(connection.isOver).isTrue();
        assertThat(vacant.node(1).claims.figures().front().opening()).isZero();
    }

    @Test
    void endsTheClientsOfAFrontThatIsGoneAndOfOneThatComesBack() {
        var sick = zone.node(1);
        var connection = sick.connect(CLIENT);
        zone.take();

        zone.showView(List.of(2, 3, 4));
        assertThat(claims(3)).isZero();
        zone.showView();
        zone.pass(1.5);

        assertThat(zone.take()).containsExactly("1: client expelled TAKEN_OVER, session ends");
        assertThat(connection.isOpen).isFalse();
    }

    @Test
    void sendsAClientAwayBeforeItIsAnsweredIfItComesAgain() {
        zone.arrives = (from, _) -> from != 3;
        var impatient = zone.node(1).connect(CLIENT);
        var again = zone.node(1).connect(CLIENT);
        var elsewhere = zone.node(2).connect(CLIENT);
        zone.arrives = (_, _) -> true;
        zone.pass(1);

        assertThat(impatient.isOver).isTrue();
        assertThat(List.of(again, elsewhere))
                .filteredOn(connection -> connection.isOpen)
                .hasSize(1);
        assertThat(zone.node(1).claims.figures().front().opening()).isZero();
        assertThat(claims(3)).isEqualTo(1);
    }

    @Test
    void leavesNothingOfAClientThatGivesUpBeforeItIsAnswered() {
        zone.arrives = (from, _) -> from != 3;
        var impatient = zone.node(1).connect(CLIENT, true, 0, Optional.of(will("never", 0)));
        impatient.close(Ending.LOST);
        zone.arrives = (_, _) -> true;
        zone.pass(1);

        assertThat(zone.take()).isEmpty();
        assertThat(claims(3)).isZero();
        assertThat(zone.node(1).claims.figures().front().clients()).isZero();
    }

    @Test
    void refusesMoreOpensThanTheFrontMayWaitFor() {
        var small = new ClaimZone(2, settings(2, 10, 100));
        small.own(2);
        small.arrives = (_, _) -> false;
        small.node(1).connect("a");
        small.node(1).connect("b");
        small.node(1).connect("c");

        assertThat(small.take()).containsExactly("1: c refused QUOTA_EXCEEDED");
        assertThat(small.node(1).claims.figures().front().refused()).isEqualTo(1);
    }

    @Test
    void refusesMoreClaimsThanTheOwnerMayHave() {
        var small = new ClaimZone(2, settings(10, 2, 100));
        small.own(2);
        small.node(1).connect("a");
        small.node(1).connect("b");
        small.node(1).connect("c");
        small.node(1).connect("a");

        assertThat(small.take())
                .containsExactly(
                        "1: a opens",
                        "1: b opens",
                        "1: c refused QUOTA_EXCEEDED",
                        "1: a expelled TAKEN_OVER, session ends",
                        "1: a opens");
    }

    @Test
    void refusesWillsBeyondTheirBytes() {
        var small = new ClaimZone(2, settings(10, 10, 12));
        small.own(2);
        small.node(1).connect("a", true, 0, Optional.of(will("12345678", 0)));
        small.node(1).connect("b", true, 0, Optional.of(will("12345678", 0)));
        small.node(1).connect("c");

        assertThat(small.take()).containsExactly("1: a opens", "1: b refused QUOTA_EXCEEDED", "1: c opens");
    }

    @Test
    void fillsANewCopyAndTellsWhenItIsComplete() {
        for (var i = 0; i < 1_000; i++) {
            zone.node(1).connect("client-" + i);
        }
        zone.start(5, 1);
        zone.showView();
        zone.assign(3, Optional.of(4), Optional.of(5));
        zone.pass(1);

        assertThat(zone.node(3).roles.complete())
                .extracting(SlotMessage.Copy::holder)
                .hasSize(SlotHash.COUNT)
                .containsOnly(zone.node(5).incarnation);
        zone.assign(3, Optional.of(5), Optional.empty());
        zone.kill(3);
        zone.own(5);
        assertThat(claims(5)).isEqualTo(1_000);
    }

    @Test
    void fillsACopyAnewThatWasNotWantedForAMoment() {
        zone.node(1).connect("before");
        zone.start(5, 1);
        zone.showView();
        zone.assign(3, Optional.of(4), Optional.of(5));
        zone.pass(1);

        zone.assign(3, Optional.of(4), Optional.empty());
        zone.node(1).connect("meanwhile");
        zone.assign(3, Optional.of(4), Optional.of(5));
        zone.pass(1);

        assertThat(zone.node(3).roles.complete()).hasSize(SlotHash.COUNT);
        assertThat(zone.node(5).claims.figures().copiedClaims()).isEqualTo(2);
    }

    @Test
    void copiesThatAreNotWantedAnyMoreDoNotKeepOthersFromBeingFilled() {
        zone.start(5, 1);
        zone.showView();
        zone.arrives = (_, to) -> to != 5; // It never gets far.
        zone.assign(3, Optional.of(4), Optional.of(5));
        zone.pass(1);

        zone.start(6, 1);
        zone.showView();
        zone.assign(3, Optional.of(4), Optional.of(6));
        zone.pass(2);

        assertThat(zone.node(3).roles.complete()).hasSize(SlotHash.COUNT);
    }

    @Test
    void handsASlotOverWithoutEndingAConnection() {
        var connection = zone.node(1).connect(CLIENT);
        zone.take();

        zone.own(4, 3);
        zone.own(3, 4);
        zone.pass(15);

        assertThat(zone.take()).isEmpty();
        assertThat(connection.isOpen).isTrue();
        assertThat(claims(3)).isEqualTo(1);
        assertThat(zone.node(4).claims.figures().copiedClaims()).isEqualTo(1);
    }

    @Test
    void refusesForgedNumbersAndConnections() {
        var connection = zone.node(1).connect(CLIENT);
        var token = find(3).orElseThrow().token();
        zone.take();

        var close = new ClaimMessage.Close(1, CLIENT, token, new ConnectionNumber(9, 9), Ending.LOST, 0);
        say(1, 3, close);
        say(2, 3, new ClaimMessage.Close(1, CLIENT, token, new ConnectionNumber(1, 1), Ending.LOST, 0));
        say(2, 1, new ClaimMessage.Evict(1, CLIENT, token, new ConnectionNumber(1, 1), true));
        say(3, 1, new ClaimMessage.Evict(0, CLIENT, token, new ConnectionNumber(1, 1), true));

        assertThat(connection.isOpen).isTrue();
        assertThat(claims(3)).isEqualTo(1);
        assertThat(zone.node(3).claims.figures().owner().forged()).isEqualTo(1);
        assertThat(zone.node(1).claims.figures().front().stale()).isEqualTo(2);
    }

    @Test
    void refusesCopiesFromAFormerOwner() {
        zone.node(1).connect(CLIENT);
        zone.own(4);

        say(3, 4, new ClaimMessage.CopyPart(1, SlotHash.ofClient(CLIENT), 9, 1, List.of()));

        assertThat(zone.node(4).claims.figures().copiesRefused()).isEqualTo(1);
    }

    @Test
    void isForThisStartOfTheNodeOnly() {
        zone.node(1)
                .claims
                .onMessages(
                        zone.node(3).incarnation,
                        new SlotMessage.Claims(0, List.of(new ClaimMessage.Ping())),
                        zone.nowNanos());

        assertThat(zone.node(1).claims.figures().copiesRefused()).isEqualTo(1);
    }

    private void say(int from, int to, ClaimMessage message) {
        zone.node(to)
                .claims
                .onMessages(zone.node(from).incarnation, new SlotMessage.Claims(1, List.of(message)), zone.nowNanos());
        zone.settle();
    }

    private Answer look(int node, String clientId) {
        return zone.node(node).claims.look(clientId, zone.nowNanos());
    }

    private Answer found(int owner, Answer.ClaimView claim) {
        return new Answer.ClaimFound(zone.node(owner).incarnation.place(), Optional.of(claim));
    }

    private Optional<ClaimRecord> find(int owner) {
        return zone.node(owner).claims.find(CLIENT, zone.nowNanos());
    }

    private int claims(int owner) {
        return zone.node(owner).claims.figures().owner().claims();
    }

    private static ClaimSettings settings(int openingMax, int claimsMax, long willBytesMax) {
        return new ClaimSettings(
                Duration.ofMillis(250),
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                Duration.ofSeconds(10),
                openingMax,
                claimsMax,
                willBytesMax,
                256 << 10,
                4_096,
                100,
                10,
                64,
                4_096,
                64);
    }
}
