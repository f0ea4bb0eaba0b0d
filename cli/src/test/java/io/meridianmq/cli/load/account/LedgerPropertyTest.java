package io.meridianmq.cli.load.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A network that loses, copies and delays messages, and one that does not, against an account that keeps every message in
 * sets.
 */
class LedgerPropertyTest {

    private static final int DEVICES = 5;
    private static final int WATCHERS = 3;
    private static final int MESSAGES = 3_000;
    private static final long GRACE = 200;

    private static LongStream seeds() {
        var given = Long.getLong("meridian.seed");
        return given != null ? LongStream.of(given) : LongStream.range(0, 30);
    }

    private record Id(int device, int qos, long number) {}

    private record Copy(Id id, long arrivesAt) {}

    @ParameterizedTest(name = "meridian.seed={0}")
    @MethodSource("seeds")
    void countsWhatSetsCount(long seed) {
        var random = new Random(seed);
        var ledger = new Ledger(DEVICES, List.of("a", "b", "c"), GRACE);
        var owed = new ArrayList<Id>();
        var arrived = new ArrayList<Set<Id>>();
        var copies = new ArrayList<List<Copy>>();
        var repeated = new HashMap<Integer, Long>();
        for (var watcher = 0; watcher < WATCHERS; watcher++) {
            arrived.add(new HashSet<>());
            copies.add(new ArrayList<>());
        }
        var lossPercent = random.nextInt(4) * 5;
        for (long now = 0; now < MESSAGES || copies.stream().anyMatch(list -> !list.isEmpty()); now++) {
            if (now < MESSAGES) {
                publish(ledger, random, now, lossPercent, owed, copies);
            }
            for (var watcher = 0; watcher < WATCHERS; watcher++) {
                deliver(ledger, watcher, now, arrived.get(watcher), copies.get(watcher), repeated);
                ledger.heard(watcher, now);
            }
            if (now % 50 == 0) {
                ledger.settle(now);
            }
        }
        ledger.close(MESSAGES * 10L);

        for (var watcher = 0; watcher < WATCHERS; watcher++) {
            var deliveries = ledger.totals().watchers().get(watcher).byQos();
            for (var qos = 0; qos <= 2; qos++) {
                var wanted = qos;
                var came = arrived.get(watcher);
                assertThat(deliveries.get(qos).received())
                        .isEqualTo(came.stream().filter(id -> id.qos == wanted).count());
                assertThat(deliveries.get(qos).lost())
                        .as("lost at QoS %d, watcher %d", qos, watcher)
                        .isEqualTo(owed.stream()
                                .filter(id -> id.qos == wanted && !came.contains(id))
                                .count());
                assertThat(deliveries.get(qos).lossTimes().stream()
                                .mapToLong(LossSpan::count)
                                .sum())
                        .isEqualTo(deliveries.get(qos).lost());
                assertThat(deliveries.get(qos).missedAway()).isZero();
            }
        }
        for (var qos = 0; qos <= 2; qos++) {
            var wanted = qos;
            assertThat(ledger.totals().watchers().stream()
                            .mapToLong(watcher -> watcher.byQos().get(wanted).repeated())
                            .sum())
                    .isEqualTo(repeated.getOrDefault(qos, 0L));
        }
        assertThat(ledger.totals().neverSent()).isZero();
        assertThat(ledger.isSettled()).isTrue();
    }

    private static void publish(
            Ledger ledger, Random random, long now, int lossPercent, List<Id> owed, List<List<Copy>> copies) {
        var device = random.nextInt(DEVICES);
        var qos = random.nextInt(3);
        var id = new Id(device, qos, ledger.plan(device, qos));
        ledger.sent(device, qos, id.number, 1, now);
        if (qos == 0 || random.nextInt(10) > 0) {
            owed.add(id);
        }
        if (qos > 0) {
            if (owed.contains(id)) {
                ledger.acknowledged(device, qos, id.number, now);
            } else {
                ledger.refused(device, qos, id.number, now);
            }
        }
        for (var toWatcher : copies) {
            var isLost = random.nextInt(100) < lossPercent;
            var count = isLost ? 0 : 1 + random.nextInt(20) / 19;
            for (var copy = 0; copy < count; copy++) {
                // Some come long after they have been given up.
                var delay = random.nextInt(10) == 0 ? random.nextLong(4 * GRACE) : random.nextLong(GRACE / 2);
                toWatcher.add(new Copy(id, now + delay));
            }
        }
    }

    private static void deliver(
            Ledger ledger, int watcher, long now, Set<Id> arrived, List<Copy> copies, Map<Integer, Long> repeated) {
        for (var copy : List.copyOf(copies)) {
            if (copy.arrivesAt <= now) {
                copies.remove(copy);
                var id = copy.id;
                var arrival = ledger.received(watcher, id.device, id.qos, id.number, now);
                if (arrived.add(id)) {
                    assertThat(arrival).isIn(Arrival.FIRST, Arrival.LATE);
                } else {
                    assertThat(arrival).isEqualTo(Arrival.AGAIN);
                    repeated.merge(id.qos, 1L, Long::sum);
                }
            }
        }
    }
}
