package io.meridianmq.cli.load.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** One device, two watchers, and a grace time of a second; each test is a stream with its faults. */
class LedgerTest {

    private static final int DEVICE = 0;
    private static final int EAST = 0;
    private static final int WEST = 1;
    private static final long GRACE = 1_000;

    private final Ledger ledger = new Ledger(1, List.of("us-east", "eu-west"), GRACE);

    @Test
    void nothingIsMissingWhenEverythingCame() {
        for (var number = 0; number < 100; number++) {
            for (var qos = 0; qos <= 2; qos++) {
                publishAndAcknowledge(qos, number);
                receive(EAST, qos, number);
                receive(WEST, qos, number);
            }
        }
        ledger.settle(100);

        assertThat(ledger.isSettled()).isTrue();
        assertThat(ledger.totals().byQos())
                .containsExactly(
                        new Publishes(0, 100, 0, 0, 0, 0),
                        new Publishes(0, 100, 100, 0, 0, 0),
                        new Publishes(0, 100, 100, 0, 0, 0));
        assertThat(of(WEST, 2)).isEqualTo(new Deliveries(100, 0, 0, 0, 0, 0, 0, 0, List.of()));
    }

    @Test
    void acknowledgedMessageThatDoesNotComeIsLostForThatWatcherAfterTheGraceTime() {
        publishAndAcknowledge(1, 50);
        receive(EAST, 1, 0);

        settleAt(50 + GRACE - 1);
        assertThat(ledger.totals().acknowledgedLost()).isZero();
        settleAt(50 + GRACE);

        assertThat(ledger.totals().acknowledgedLost()).isEqualTo(1);
        assertThat(of(EAST, 1).lost()).isZero();
        assertThat(of(WEST, 1).lost()).isEqualTo(1);
        assertThat(of(WEST, 1).lossTimes()).containsExactly(new LossSpan(50, 50, 1));
        assertThat(ledger.isSettled()).isTrue();
    }

    @Test
    void graceTimeBeginsWithTheAcknowledgement() {
        publish(1, 0);
        settleAt(10 * GRACE);
        ledger.acknowledged(DEVICE, 1, 0, 10 * GRACE);
        settleAt(11 * GRACE - 1);
        assertThat(ledger.totals().acknowledgedLost()).isZero();
        settleAt(11 * GRACE);
        assertThat(ledger.totals().acknowledgedLost()).isEqualTo(2);
    }

    @Test
    void lossesAtQos0AreCountedApartWithTheTimesOfTheirSending() {
        for (var time = 0; time < 10_000; time += 100) {
            var number = publish(0, time);
            var isCut = (time >= 3_000 && time < 4_000) || time == 8_000;
            if (!isCut) {
                receive(EAST, 0, number);
                receive(WEST, 0, number);
            }
        }
        settleAt(20_000);

        assertThat(ledger.totals().acknowledgedLost()).isZero();
        assertThat(of(EAST, 0).lost()).isEqualTo(11);
        assertThat(of(EAST, 0).lossTimes())
                .containsExactly(new LossSpan(3_000, 3_900, 10), new LossSpan(8_000, 8_000, 1));
    }

    @Test
    void copiesAreCountedForEachQos() {
        for (var qos = 0; qos <= 2; qos++) {
            publishAndAcknowledge(qos, 0);
            receive(EAST, qos, 0);
            assertThat(receive(EAST, qos, 0)).isEqualTo(Arrival.AGAIN);
        }
        receive(WEST, 1, 0);
        settleAt(5 * GRACE);
        assertThat(receive(EAST, 1, 0)).as("after it was decided").isEqualTo(Arrival.AGAIN);

        assertThat(of(EAST, 0).repeated()).isEqualTo(1);
        assertThat(of(EAST, 1).repeated()).isEqualTo(2);
        assertThat(of(EAST, 2).repeated()).isEqualTo(1);
        assertThat(ledger.totals().exactlyOnceRepeated()).isEqualTo(1);
    }

    @Test
    void messageThatComesLateIsNoLongerLostAndItsCopyIsACopy() {
        publishAndAcknowledge(1, 0);
        publishAndAcknowledge(0, 0);
        settleAt(GRACE);
        assertThat(ledger.totals().acknowledgedLost()).isEqualTo(2);

        assertThat(receive(EAST, 1, 0)).isEqualTo(Arrival.LATE);
        assertThat(receive(EAST, 0, 0)).isEqualTo(Arrival.LATE);
        assertThat(receive(EAST, 1, 0)).isEqualTo(Arrival.AGAIN);

        assertThat(of(EAST, 1)).isEqualTo(new Deliveries(1, 1, 1, 0, 0, 0, 0, 0, List.of()));
        assertThat(of(EAST, 0).lossTimes()).isEmpty();
        assertThat(of(WEST, 1).lost()).isEqualTo(1);
    }

    @Test
    void laterMessageOfTheSameConnectionThatComesFirstIsOutOfOrder() {
        publishAndAcknowledge(1, 0);
        publishAndAcknowledge(1, 0);
        publishAndAcknowledge(1, 0);
        receive(EAST, 1, 0);
        receive(EAST, 1, 2);
        receive(EAST, 1, 1);

        assertThat(of(EAST, 1).outOfOrder()).isEqualTo(1);
        assertThat(of(EAST, 1).overtaken()).isZero();
    }

    @Test
    void messageSentAgainOnTheNextConnectionMayBeOvertaken() {
        publish(1, 0);
        ledger.plan(DEVICE, 1);
        ledger.sent(DEVICE, 1, 0, 2, 100);
        ledger.sent(DEVICE, 1, 1, 2, 100);
        receive(EAST, 1, 1);
        receive(EAST, 1, 0);

        assertThat(of(EAST, 1).outOfOrder()).isZero();
        assertThat(of(EAST, 1).overtaken()).isEqualTo(1);
        assertThat(ledger.totals().byQos().get(1).sent()).isEqualTo(2);
    }

    @Test
    void refusedAndAbandonedMessagesAreOwedToNobody() {
        publish(1, 0);
        ledger.refused(DEVICE, 1, 0, 10);
        publish(2, 0);
        ledger.abandoned(DEVICE, 2, 0, 10);
        settleAt(5 * GRACE);

        assertThat(ledger.isSettled()).isTrue();
        assertThat(ledger.totals().acknowledgedLost()).isZero();
        assertThat(ledger.totals().byQos().get(1)).isEqualTo(new Publishes(0, 1, 0, 1, 0, 0));
        assertThat(ledger.totals().byQos().get(2)).isEqualTo(new Publishes(0, 1, 0, 0, 1, 0));
        assertThat(receive(EAST, 2, 0)).as("it came after all").isEqualTo(Arrival.LATE);
        assertThat(of(EAST, 2)).isEqualTo(new Deliveries(1, 1, 0, 0, 0, 0, 0, 0, List.of()));
    }

    @Test
    void messageWithoutAcknowledgementIsOpenUntilTheEndAndThenItsPublisherKnows() {
        publish(1, 0);
        settleAt(100 * GRACE);
        assertThat(ledger.isSettled()).isFalse();
        assertThat(ledger.totals().byQos().get(1)).isEqualTo(new Publishes(0, 1, 0, 0, 0, 1));

        ledger.close(100 * GRACE);

        assertThat(ledger.isSettled()).isTrue();
        assertThat(ledger.totals().byQos().get(1)).isEqualTo(new Publishes(0, 1, 0, 0, 1, 0));
        assertThat(ledger.totals().acknowledgedLost()).isZero();
    }

    @Test
    void messageThatNeverGotAConnectionWasNotSent() {
        ledger.plan(DEVICE, 1);
        ledger.notSent(1);
        ledger.close(GRACE);

        assertThat(ledger.totals().byQos().get(1)).isEqualTo(new Publishes(2, 0, 0, 0, 0, 0));
    }

    @Test
    void watcherThatComesBackToItsSessionStillGetsEverythingOfQos1() {
        ledger.heard(WEST, 900);
        ledger.away(EAST, 1_000, 1_100);
        publishAndAcknowledge(1, 1_200);
        publishAndAcknowledge(1, 1_300);
        publishAndAcknowledge(0, 1_300);
        settleAt(5_000, WEST);
        assertThat(of(EAST, 1).lost()).as("while it is away").isZero();

        ledger.back(EAST, true, 5_000);
        receive(EAST, 1, 0);
        settleAt(6_000);

        assertThat(of(EAST, 1).received()).isEqualTo(1);
        assertThat(of(EAST, 1).lost()).as("its session should have kept it").isEqualTo(1);
        assertThat(of(EAST, 0).lost()).isZero();
        assertThat(of(EAST, 0).missedAway()).isEqualTo(1);
        assertThat(ledger.totals().watchers().get(EAST).absences())
                .containsExactly(new Absence(1_000, 1_100, 5_000, true));
    }

    @Test
    void watcherWhoseSessionIsGoneMissesWhatWasOnItsWayAndWhatFollowedUntilItWasSubscribed() {
        publishAndAcknowledge(1, 0);
        receiveEverywhere(0);
        publishAndAcknowledge(1, 2_000);
        ledger.heard(EAST, 2_500);
        ledger.away(EAST, 2_500, 2_600);
        publishAndAcknowledge(1, 3_000);
        ledger.back(EAST, false, 4_000);
        publishAndAcknowledge(1, 4_000 + Ledger.EFFECTIVE_MILLIS);
        publishAndAcknowledge(1, 4_001 + Ledger.EFFECTIVE_MILLIS);
        settleAt(20_000);

        assertThat(of(EAST, 1).missedAway()).isEqualTo(3);
        assertThat(of(EAST, 1).lost()).as("sent when it was subscribed again").isEqualTo(1);
        assertThat(of(WEST, 1).missedAway()).isZero();
        assertThat(of(WEST, 1).lost()).isEqualTo(4);
    }

    @Test
    void whatWasLostBeforeAnAbsenceIsNotExcusedByIt() {
        publishAndAcknowledge(1, 0);
        settleAt(GRACE + 10);
        ledger.away(EAST, GRACE + 10, GRACE + 20);
        ledger.back(EAST, false, GRACE + 100);
        settleAt(20_000);

        assertThat(of(EAST, 1).lost()).isEqualTo(1);
        assertThat(of(EAST, 1).missedAway()).isZero();
    }

    @Test
    void nothingIsGivenUpForAWatcherThatHearsNothing() {
        publishAndAcknowledge(1, 0);
        receive(WEST, 1, 0);
        ledger.heard(EAST, 100);
        ledger.settle(50_000);
        assertThat(of(EAST, 1).lost()).as("its node may hang").isZero();

        ledger.away(EAST, 100, 50_001);
        ledger.back(EAST, false, 50_100);
        settleAt(60_000);

        assertThat(of(EAST, 1).lost()).isZero();
        assertThat(of(EAST, 1).missedAway()).isEqualTo(1);
    }

    @Test
    void watcherThatIsStillAwayAtTheEndMissesTheRest() {
        ledger.away(EAST, 0, 10);
        publishAndAcknowledge(1, 100);
        publishAndAcknowledge(0, 100);
        receive(WEST, 1, 0);
        receive(WEST, 0, 0);
        ledger.close(10_000);

        assertThat(ledger.totals().acknowledgedLost()).isZero();
        assertThat(of(EAST, 1).missedAway()).isEqualTo(1);
        assertThat(of(EAST, 0).missedAway()).isEqualTo(1);
    }

    @Test
    void copyInTheNextSessionOfAWatcherBreaksNoPromise() {
        publishAndAcknowledge(2, 100);
        ledger.received(EAST, DEVICE, 2, 0, 100);
        ledger.away(EAST, 150, 160);
        ledger.back(EAST, false, 300);
        ledger.received(EAST, DEVICE, 2, 0, 100);

        assertThat(of(EAST, 2).repeatedToNext()).isEqualTo(1);
        assertThat(ledger.totals().exactlyOnceRepeated()).isZero();
    }

    @Test
    void messageThatNobodySentIsNoticed() {
        publishAndAcknowledge(1, 0);
        assertThat(receive(EAST, 1, 1)).isEqualTo(Arrival.NEVER_SENT);
        assertThat(receive(EAST, 1, -1)).isEqualTo(Arrival.NEVER_SENT);
        ledger.notUnderstood();

        assertThat(ledger.totals().neverSent()).isEqualTo(3);
    }

    @Test
    void deviceWithTooMuchUndecidedHasNoRoom() {
        for (var number = 0; number < Stream.OPEN_MAX; number++) {
            assertThat(ledger.hasRoom(DEVICE, 1)).isTrue();
            ledger.plan(DEVICE, 1);
        }
        assertThat(ledger.hasRoom(DEVICE, 1)).isFalse();
        assertThat(ledger.hasRoom(DEVICE, 2)).isTrue();

        ledger.sent(DEVICE, 1, 0, 1, 0);
        ledger.acknowledged(DEVICE, 1, 0, 0);
        receiveEverywhere(0);
        ledger.settle(1);

        assertThat(ledger.hasRoom(DEVICE, 1)).isTrue();
    }

    private long publish(int qos, long nowMillis) {
        var number = ledger.plan(DEVICE, qos);
        ledger.sent(DEVICE, qos, number, 1, nowMillis);
        return number;
    }

    private void publishAndAcknowledge(int qos, long nowMillis) {
        var number = publish(qos, nowMillis);
        if (qos > 0) {
            ledger.acknowledged(DEVICE, qos, number, nowMillis);
        }
    }

    private Arrival receive(int watcher, int qos, long number) {
        return ledger.received(watcher, DEVICE, qos, number, 0);
    }

    private void receiveEverywhere(long number) {
        receive(EAST, 1, number);
        receive(WEST, 1, number);
    }

    /** All watchers are there, and have heard something. */
    private void settleAt(long nowMillis) {
        ledger.heard(EAST, nowMillis);
        settleAt(nowMillis, WEST);
    }

    private void settleAt(long nowMillis, int heard) {
        ledger.heard(heard, nowMillis);
        ledger.settle(nowMillis);
    }

    private Deliveries of(int watcher, int qos) {
        return ledger.totals().watchers().get(watcher).byQos().get(qos);
    }
}
