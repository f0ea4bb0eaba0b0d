package io.meridianmq.core.interest;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.InterestKey;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.place.Reach;
import io.meridianmq.topic.TopicFilter;
import io.meridianmq.topic.TopicHash;
import org.junit.jupiter.api.Test;

class InterestExchangeTest {

    private static final Place N1 = Place.node("r", "z", "1");

    private final OwnInterest own = new OwnInterest(new InterestKey(N1, 7));
    private final InterestTable table = new InterestTable();
    private final Matches matches = new Matches(table);
    private final Wire wire = new Wire(own, table);

    @Test
    void newNeighbourGetsASnapshotAndIsThenCurrent() {
        subscribe("a/b", "a/#", "+/x");
        wire.connect();
        assertThat(wire.sink.isCurrent()).isFalse();
        wire.settle();
        assertThat(wire.source.snapshots()).isEqualTo(1);
        assertCurrent();
        assertThat(matches.places("a/b")).containsExactly(N1);
        assertThat(table.currentHolders()).containsExactly(N1);
    }

    @Test
    void holderThatWantsNothingBecomesCurrentToo() {
        wire.connect();
        wire.settle();
        assertCurrent();
    }

    @Test
    void changesTravelAsDeltasAndAreAcknowledgedByVersion() {
        connected();
        subscribe("a/b");
        var version = own.version();
        wire.flush();
        assertThat(wire.toSink).singleElement().isInstanceOf(Frame.InterestDelta.class);
        assertThat(wire.source.acknowledgedVersion()).isLessThan(version);
        wire.settle();
        assertThat(wire.source.acknowledgedVersion()).isEqualTo(version);
        assertThat(matches.places("a/b")).containsExactly(N1);
        assertThat(wire.source.snapshots()).isEqualTo(1);
    }

    @Test
    void afterABreakTheNeighbourGoesOnFromItsVersion() {
        connected();
        wire.cut();
        assertThat(wire.sink.isCurrent()).isFalse();
        assertThat(table.currentHolders()).isEmpty();
        subscribe("late");
        wire.connect();
        assertThat(wire.source.acknowledgedVersion()).isZero();
        wire.deliverToSink();
        assertThat(wire.sink.isCurrent()).isFalse();
        wire.settle();
        assertCurrent();
        assertThat(matches.places("late")).containsExactly(N1);
        assertThat(wire.source.snapshots()).isEqualTo(1);
    }

    @Test
    void afterABreakWithoutChangesTheSummaryIsEnough() {
        connected();
        wire.cut();
        wire.connect();
        wire.deliverToSink();
        wire.deliverToSource();
        assertThat(wire.toSink).isEmpty();
        assertCurrent();
    }

    @Test
    void lostDeltaIsAGapAndBringsASnapshot() {
        connected();
        subscribe("lost");
        wire.flush();
        wire.lose(frame -> frame instanceof Frame.InterestDelta);
        subscribe("kept");
        wire.flush();
        wire.deliverToSink();
        assertThat(wire.sink.isCurrent()).isFalse();
        wire.settle();
        wire.tick(1_000);
        wire.settle();
        assertCurrent();
        assertThat(wire.source.snapshots()).isEqualTo(2);
        assertThat(matches.places("lost")).containsExactly(N1);
        assertThat(matches.places("kept")).containsExactly(N1);
    }

    @Test
    void lostLastDeltaIsNoticedBySilence() {
        connected();
        subscribe("lost");
        wire.flush();
        wire.lose(frame -> frame instanceof Frame.InterestDelta);
        for (var i = 0; i < 21; i++) {
            wire.tick(100);
            wire.settle();
        }
        assertCurrent();
        assertThat(matches.places("lost")).containsExactly(N1);
        assertThat(wire.source.snapshots()).isEqualTo(1);
    }

    @Test
    void lostAcknowledgementIsAskedForAgain() {
        connected();
        subscribe("a");
        wire.flush();
        wire.deliverToSink();
        wire.lose(frame -> frame instanceof Frame.InterestAck);
        for (var i = 0; i < 21; i++) {
            wire.tick(100);
            wire.settle();
        }
        assertCurrent();
    }

    @Test
    void repeatedDeltaIsAcknowledgedAndChangesNothing() {
        connected();
        subscribe("a");
        wire.flush();
        var delta = wire.toSink.getFirst();
        wire.settle();
        var checksum = checksum();
        wire.toSink.add(delta);
        wire.deliverToSink();
        assertThat(wire.toSource).containsExactly(new Frame.InterestAck(own.key(), own.version(), true));
        assertThat(checksum()).isEqualTo(checksum);
    }

    @Test
    void tooManyChangesForTheLogBringASnapshot() {
        connected();
        wire.cut();
        for (var i = 0; i <= ChangeLog.CHANGES_MAX; i++) {
            own.addLiteral(i * 0x9E3779B97F4A7C15L, Reach.GLOBAL);
        }
        wire.connect();
        wire.settle();
        assertThat(wire.source.snapshots()).isEqualTo(2);
        assertCurrent();
    }

    @Test
    void onlyAFewPartsAreOnTheWay() {
        many(200_000);
        wire.connect();
        wire.deliverToSink();
        wire.deliverToSource();
        assertThat(wire.toSink).hasSize(InterestSource.PARTS_IN_FLIGHT_MAX);
        wire.settle();
        assertCurrent();
        assertThat(table.literalCount()).isEqualTo(200_000);
    }

    @Test
    void changesDuringASnapshotAreInIt() {
        many(200_000);
        wire.connect();
        var next = 200_000;
        var gone = 0;
        for (var step = 0; step < 40; step++) {
            for (var i = 0; i < 700; i++) {
                own.addLiteral(spread(next++), Reach.GLOBAL);
                own.removeLiteral(spread(gone++), Reach.GLOBAL);
            }
            wire.flush();
            wire.deliverToSink();
            wire.deliverToSource();
        }
        assertThat(wire.source.snapshots()).isEqualTo(1);
        wire.settle();
        wire.flush();
        wire.settle();
        assertThat(wire.source.snapshots()).isEqualTo(1);
        assertCurrent();
        assertThat(table.literalCount()).isEqualTo(200_000);
    }

    @Test
    void oldEntriesAreFoundUntilTheSnapshotIsComplete() {
        subscribe("a", "b/#", "+/c");
        connected();
        many(100_000);
        wire.cut();
        wire.connect();
        assertThat(matches.places("a")).containsExactly(N1);
        while (wire.deliverOne()) {
            assertThat(matches.places("a")).containsExactly(N1);
            assertThat(matches.places("b/x")).containsExactly(N1);
            assertThat(matches.places("x/c")).containsExactly(N1);
        }
        assertCurrent();
    }

    @Test
    void laterBootReplacesTheEarlierOne() {
        subscribe("old", "both");
        connected();
        wire.cut();
        var reborn = new OwnInterest(new InterestKey(N1, 8));
        reborn.add(TopicFilter.of("both"), Reach.GLOBAL);
        var second = new Wire(reborn, table);
        second.connect();
        second.settle();
        assertThat(second.sink.isCurrent()).isTrue();
        assertThat(matches.places("old")).isEmpty();
        assertThat(matches.places("both")).containsExactly(N1);
    }

    @Test
    void sameSinkTakesALaterBootAndIgnoresTheEarlierOne() {
        subscribe("old");
        connected();
        var key = new InterestKey(N1, 8);
        wire.sink.onSummary(new Frame.InterestSummary(key, 1, 0), wire.toSource::add);
        assertThat(wire.toSource).containsExactly(new Frame.InterestAck(key, 0, false));
        wire.toSource.clear();
        wire.sink.onSnapshot(
                new Frame.InterestSnapshot(key, 1, 0, true, InterestTableTest.entries(Reach.GLOBAL, "new")),
                wire.toSource::add);
        assertThat(matches.places("old")).isEmpty();
        assertThat(matches.places("new")).containsExactly(N1);
        wire.toSource.clear();
        subscribe("old/again");
        wire.flush();
        wire.deliverToSink();
        assertThat(wire.toSource).isEmpty();
        assertThat(matches.places("old/again")).isEmpty();
    }

    @Test
    void damagedEntryIsHealedWithin35Seconds() {
        subscribe("a", "b/#");
        connected();
        FilterHashesTest.damage(table.literals().codes(), TopicHash.ofLiteral("a"));
        assertThat(matches.places("a")).isEmpty();
        for (var i = 0; i < 1_750; i++) {
            wire.tick(20);
            wire.settle();
            table.upkeep(6); // 1,024 segments in 3.4 s.
        }
        assertThat(matches.places("a")).containsExactly(N1);
        assertThat(table.damages()).isEqualTo(1);
        assertCurrent();
    }

    @Test
    void entryAppliedWronglyIsHealedByTheNextSummary() {
        subscribe("a", "b/#", "+/c");
        connected();
        table.remove(N1, InterestTableTest.entries(Reach.GLOBAL, "b/#"));
        table.add(N1, InterestTableTest.entries(Reach.ZONE, "never/wanted"));
        wire.tick(29_000);
        wire.settle();
        assertThat(matches.places("b/x")).isEmpty();
        wire.tick(1_000);
        wire.deliverToSink();
        assertThat(wire.sink.isCurrent()).isFalse();
        wire.deliverToSource();
        assertThat(wire.source.acknowledgedVersion()).isZero();
        wire.settle();
        assertCurrent();
        assertThat(matches.places("b/x")).containsExactly(N1);
        assertThat(matches.places("never/wanted")).isEmpty();
    }

    private void connected() {
        wire.connect();
        wire.settle();
        assertCurrent();
    }

    private void assertCurrent() {
        assertThat(wire.sink.isCurrent()).isTrue();
        assertThat(wire.sink.version()).isEqualTo(own.version());
        assertThat(wire.source.acknowledgedVersion()).isEqualTo(own.version());
        assertThat(checksum()).isEqualTo(own.checksum());
    }

    private long checksum() {
        return table.installed(table.register(N1)).checksum;
    }

    private void subscribe(String... filters) {
        for (var filter : filters) {
            own.add(TopicFilter.of(filter), Reach.GLOBAL);
        }
    }

    private void many(int count) {
        for (var i = 0; i < count; i++) {
            own.addLiteral(spread(i), Reach.GLOBAL);
        }
    }

    private static long spread(int i) {
        return Checksums.mix(i);
    }
}
