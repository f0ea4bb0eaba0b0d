package io.meridianmq.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meridianmq.cli.load.Figures.Phase;
import io.meridianmq.cli.load.account.Deliveries;
import io.meridianmq.fabric.config.HostPort;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A whole fleet against a broker that makes mistakes. */
@Timeout(240)
class FleetRunTest {

    private static final ToyBroker.Fault NONE = (_, _, _) -> 1;
    private static final String TELEMETRY = "telemetry";

    @Test
    void brokerWithoutMistakesGetsACleanAccount() throws Exception {
        try (var broker = new ToyBroker(NONE, false)) {
            var account = run(settings(broker, "50/30/20", Duration.ofSeconds(2)));

            assertThat(account.isWhole()).isTrue();
            var totals = account.figures().totals();
            assertThat(Figures.sent(totals)).isEqualTo(2 * 500);
            for (var qos = 0; qos <= 2; qos++) {
                for (var watcher : totals.watchers()) {
                    assertThat(watcher.byQos().get(qos).received())
                            .isEqualTo(totals.byQos().get(qos).sent())
                            .isPositive();
                }
            }
            assertThat(account.inRegion().count()).isEqualTo(2 * 500);
            assertThat(account.acrossRegions().count()).isEqualTo(2 * 500);
            assertThat(account.figures().commands().answered()).isEqualTo(2 * 20);
            assertThat(account.roundTrip().count()).isEqualTo(2 * 20);
            assertThat(AccountText.of(account)).endsWith("Nothing that was acknowledged was lost.\n");
        }
    }

    @Test
    void everyMistakeOfTheBrokerIsFoundAndCounted() throws Exception {
        var dropped = new AtomicInteger();
        var repeated = new AtomicInteger();
        var count = new AtomicInteger();
        ToyBroker.Fault fault = (clientId, topic, qos) -> {
            if (!topic.endsWith(TELEMETRY) || !clientId.endsWith("watcher-eu-west") || qos == 0) {
                return 1;
            }
            return switch (count.incrementAndGet() % 20) {
                case 3 -> {
                    dropped.incrementAndGet();
                    yield 0;
                }
                case 7 -> {
                    repeated.incrementAndGet();
                    yield 2;
                }
                default -> 1;
            };
        };
        try (var broker = new ToyBroker(fault, false)) {
            var account = run(settings(broker, "0/50/50", Duration.ofSeconds(1)));

            var totals = account.figures().totals();
            assertThat(dropped.get()).isGreaterThan(10);
            assertThat(totals.acknowledgedLost()).isEqualTo(dropped.get());
            assertThat(FiguresText.sum(totals, Deliveries::repeated)).isEqualTo(repeated.get());
            assertThat(totals.exactlyOnceRepeated()).isPositive();
            assertThat(totals.watchers().getFirst().byQos().get(1).lost()).isZero();
            assertThat(account.isWhole()).isFalse();
            assertThat(AccountText.of(account))
                    .contains("LOST THOUGH ACKNOWLEDGED")
                    .contains("the watcher in eu-west")
                    .contains("ACKNOWLEDGED MESSAGES WERE LOST")
                    .contains("QoS 2 MESSAGES CAME AGAIN");
        }
    }

    @Test
    void lostCommandsAreFound() throws Exception {
        var count = new AtomicInteger();
        // The first of each of the twenty devices is its greeting.
        ToyBroker.Fault fault = (_, topic, _) -> topic.contains("/command/") && count.incrementAndGet() == 25 ? 0 : 1;
        try (var broker = new ToyBroker(fault, false)) {
            var account = run(settings(broker, "70/30", Duration.ofSeconds(1)));

            assertThat(account.figures().commands().lost()).isEqualTo(1);
            assertThat(account.isWhole()).isFalse();
            assertThat(AccountText.of(account)).contains("1 COMMANDS OR REPLIES WERE LOST");
        }
    }

    @Test
    void fleetBeginsWhenEveryDeviceIsHeardEverywhere() throws Exception {
        var dropped = new AtomicInteger();
        ToyBroker.Fault fault = (clientId, topic, qos) -> topic.endsWith("hello")
                        && clientId.endsWith("watcher-eu-west")
                        && qos == 0
                        && dropped.incrementAndGet() <= 7
                ? 0
                : 1;
        try (var broker = new ToyBroker(fault, false)) {
            var account = run(settings(broker, "70/30", Duration.ofSeconds(1)));

            assertThat(dropped.get()).as("the seven greeted again").isGreaterThanOrEqualTo(7);
            assertThat(account.isWhole()).isTrue();
        }
    }

    @Test
    void fleetComesBackAfterItsConnectionsBroke() throws Exception {
        try (var broker = new ToyBroker(NONE, true);
                var fleet = new FleetRun(settings(broker, "50/50", Duration.ofSeconds(3)))) {
            fleet.start();
            await().until(() -> Figures.sent(fleet.figures().totals()) > 300);
            broker.kick(_ -> true);

            var figures = fleet.ended().get();

            assertThat(figures.connectionsLost()).isEqualTo(20 + 2 + 2);
            assertThat(figures.connected()).isEqualTo(20);
            var totals = figures.totals();
            assertThat(totals.acknowledgedLost()).as("their sessions were kept").isZero();
            assertThat(totals.byQos().get(1).acknowledged())
                    .isEqualTo(totals.byQos().get(1).sent());
            assertThat(totals.watchers())
                    .allSatisfy(watcher -> assertThat(watcher.absences())
                            .singleElement()
                            .satisfies(absence ->
                                    assertThat(absence.isSessionKept()).isTrue()));
            assertThat(figures.commands().lost()).isZero();
        }
    }

    @Test
    void watcherWhoseSessionIsGoneIsToldApart() throws Exception {
        try (var broker = new ToyBroker(NONE, false);
                var fleet = new FleetRun(settings(broker, "0/100", Duration.ofSeconds(3)))) {
            fleet.start();
            await().until(() -> Figures.sent(fleet.figures().totals()) > 300);
            broker.kick(clientId -> clientId.endsWith("watcher-us-east"));

            var figures = fleet.ended().get();

            var east = figures.totals().watchers().getFirst();
            assertThat(east.absences())
                    .singleElement()
                    .satisfies(absence -> assertThat(absence.isSessionKept()).isFalse());
            assertThat(east.byQos().get(1).lost()).isZero();
            assertThat(east.byQos().get(1).missedAway()).isPositive();
            assertThat(east.byQos().get(1).received() + east.byQos().get(1).missedAway())
                    .isEqualTo(figures.totals().byQos().get(1).sent());
            assertThat(figures.totals().watchers().getLast().byQos().get(1).missedAway())
                    .isZero();
        }
    }

    @Test
    void stopEndsItWithAnAccountOfWhatWasSentUntilThen() throws Exception {
        try (var broker = new ToyBroker(NONE, false);
                var fleet = new FleetRun(settings(broker, "70/30", Duration.ofDays(1)))) {
            fleet.start();
            await().until(() -> Figures.sent(fleet.figures().totals()) > 100);
            fleet.stop();

            var figures = fleet.ended().get();

            assertThat(figures.phase()).isEqualTo(Phase.ENDED);
            assertThat(figures.totals().acknowledgedLost()).isZero();
            for (var watcher = 0; watcher < 2; watcher++) {
                assertThat(Figures.received(figures.totals(), watcher)).isEqualTo(Figures.sent(figures.totals()));
            }
        }
    }

    @Test
    void fleetThatIsStoppedWhileItConnectsHasAnEmptyAccount() throws Exception {
        try (var fleet = new FleetRun(settings(new HostPort("127.0.0.1", 1), "70/30", Duration.ofSeconds(1)))) {
            fleet.start();
            fleet.stop();
            assertThat(Figures.sent(fleet.ended().get().totals())).isZero();
        }
    }

    private static Account run(FleetSettings settings) throws Exception {
        try (var fleet = new FleetRun(settings)) {
            fleet.start();
            var figures = fleet.ended().get();
            return new Account(
                    settings, fleet.clock(), figures, fleet.inRegion(), fleet.acrossRegions(), fleet.roundTrip(), 0);
        }
    }

    private static FleetSettings settings(ToyBroker broker, String mix, Duration duration) {
        return settings(broker.address(), mix, duration);
    }

    /** Twenty devices in two regions, which are the same broker; 500 messages and 20 commands a second. */
    private static FleetSettings settings(HostPort broker, String mix, Duration duration) {
        return new FleetSettings(
                new Topics("test"),
                List.of(new Endpoint("us-east", broker), new Endpoint("eu-west", broker)),
                20,
                500,
                QosMix.parse(mix),
                20,
                1_000,
                5,
                duration,
                Duration.ofSeconds(5));
    }
}
