package io.meridianmq.broker.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.broker.limit.Entrance.Reason;
import io.meridianmq.broker.packet.ReasonCode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class EntranceTest {

    private final Places listener = new Places(() -> 1_000_000);
    private long nowNanos;

    @Test
    void whoComesWhenAllPlacesAreTakenIsRefused() {
        var entrance = entrance(2, 0, 0);
        var visits = enter(entrance, 3);
        assertThat(visits.get(1).refusal()).isEmpty();
        assertThat(visits.get(2).refusal()).contains(Reason.NODE);
        assertThat(visits.get(2).isOver()).as("it is told").isFalse();
        assertThat(entrance.open()).isEqualTo(2);
        assertThat(entrance.refused(Reason.NODE)).isEqualTo(1);

        visits.forEach(Visit::leave);
        visits.forEach(Visit::leave);
        assertThat(entrance.open()).isZero();
        assertThat(enter(entrance, 2)).allMatch(visit -> visit.refusal().isEmpty());
    }

    @Test
    void aListenerMayHaveFewerPlacesThanItsNode() {
        var entrance = entrance(10, 0, 0);
        var small = new Places(() -> 1);
        var first = entrance.enter(small);
        assertThat(entrance.enter(small).refusal()).contains(Reason.LISTENER);
        assertThat(entrance.open()).isEqualTo(1);
        first.leave();
        assertThat(entrance.enter(small).refusal()).isEmpty();
    }

    @Test
    void oneAddressHasOnlySoMany() throws UnknownHostException {
        var entrance = entrance(10, 2, 0);
        var visits = enter(entrance, 4);
        for (var visit : visits.subList(0, 3)) {
            visit.comesFrom(InetAddress.getByName("10.0.0.1"));
        }
        visits.get(3).comesFrom(InetAddress.getByName("10.0.0.2"));
        assertThat(visits.get(1).refusal()).isEmpty();
        assertThat(visits.get(2).refusal()).contains(Reason.ADDRESS);
        assertThat(visits.get(3).refusal()).isEmpty();
        assertThat(entrance.open()).isEqualTo(3);

        visits.forEach(Visit::leave);
        assertThat(entrance.addresses()).isZero();
        assertThat(entrance.open()).isZero();
    }

    @Test
    void anAddressOfVersion6StandsForItsNetwork() throws UnknownHostException {
        var entrance = entrance(10, 1, 0);
        var visits = enter(entrance, 3);
        visits.get(0).comesFrom(InetAddress.getByName("2001:db8:0:1::1"));
        visits.get(1).comesFrom(InetAddress.getByName("2001:db8:0:1:ffff::2"));
        visits.get(2).comesFrom(InetAddress.getByName("2001:db8:0:2::1"));
        assertThat(visits.get(1).refusal()).contains(Reason.ADDRESS);
        assertThat(visits.get(2).refusal()).isEmpty();
    }

    @Test
    void whoComesTooFastIsRefusedUntilTimeHasPassed() {
        var entrance = entrance(1_000, 0, 5);
        assertThat(enter(entrance, 5)).allMatch(visit -> visit.refusal().isEmpty());
        var refused = entrance.enter(listener);
        assertThat(refused.refusal()).contains(Reason.RATE);
        assertThat(Reason.RATE.code()).isEqualTo(ReasonCode.CONNECTION_RATE_EXCEEDED);
        nowNanos += 200_000_000;
        assertThat(entrance.enter(listener).refusal()).isEmpty();
    }

    @Test
    void onlySoManyAreTold() {
        var entrance = entrance(1, 0, 0);
        var visits = enter(entrance, 1 + Entrance.TOLD_PER_SECOND_MAX + 1);
        assertThat(visits.getLast().isOver()).isTrue();
        assertThat(visits.get(Entrance.TOLD_PER_SECOND_MAX).isOver()).isFalse();
        assertThat(entrance.refused(Reason.NODE)).isEqualTo(Entrance.TOLD_PER_SECOND_MAX + 1);

        var waiting = Stream.concat(
                        visits.stream(), IntStream.range(0, 20).boxed().flatMap(_ -> {
                            nowNanos += 1_000_000_000;
                            return enter(entrance, Entrance.TOLD_PER_SECOND_MAX).stream();
                        }))
                .filter(visit -> visit.refusal().isPresent() && !visit.isOver())
                .toList();
        assertThat(waiting).as("those that never send CONNECT").hasSize(Entrance.TOLD_AT_ONCE_MAX);

        waiting.getFirst().leave();
        nowNanos += 1_000_000_000;
        assertThat(enter(entrance, 2)).extracting(Visit::isOver).containsExactly(false, true);
    }

    private Entrance entrance(int connections, int perAddress, int perSecond) {
        return new Entrance(() -> connections, perAddress, perSecond, () -> nowNanos);
    }

    private List<Visit> enter(Entrance entrance, int count) {
        return IntStream.range(0, count).mapToObj(_ -> entrance.enter(listener)).toList();
    }
}
