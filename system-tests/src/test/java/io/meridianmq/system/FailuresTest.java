package io.meridianmq.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meridianmq.system.LocalPlatform.Member;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Parts of a platform die, and come back, or hang, while devices of all its zones go on talking: what has nothing to do with
 * the part is not interrupted, what has flows again soon, and nothing stays behind. First what hardly needs the processor: in
 * their first minute twenty processes compile their code.
 */
@Tag("server")
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
@Order(1) // Before the platform that other tests share is started: two of them are more than two processors can do.
class FailuresTest {

    /** What is meant is 10 s; the rest is for a machine that has much to do. */
    private static final Duration RECOVERY_MAX = Duration.ofSeconds(15);

    /** What is meant, once the process is back: how long one takes to start says more about the machine. */
    private static final Duration RECOVERY_BEYOND_START_MAX = Duration.ofSeconds(10);

    /** How long a part is stopped: more than twice a lease. */
    private static final Duration PAUSE = Duration.ofSeconds(15);

    /** Longer than a lease. */
    private static final Duration ETCD_PAUSE = Duration.ofSeconds(8);

    /** What there is none of when all is well. */
    private static final List<String> NOTHING = List.of(
            "meridian_claims_away",
            "meridian_claims_behind",
            "meridian_claims_evicting",
            "meridian_opens_waiting",
            "meridian_wills_waiting",
            "meridian_slots_unowned",
            "meridian_slots_suspended");

    private static final Duration STEADY_WITHIN = Duration.ofMinutes(3);

    private Optional<LocalPlatform> started = Optional.empty();
    private Optional<Traffic> running = Optional.empty();

    @BeforeAll
    void start() throws IOException, InterruptedException {
        SharedPlatform.requirePrograms();
        var platform = LocalPlatform.start(List.of());
        started = Optional.of(platform);
        running = Optional.of(Traffic.start(platform));
    }

    @BeforeEach
    void awaitSteadyState() {
        traffic().awaitFlowing(STEADY_WITHIN);
    }

    @AfterAll
    void stop() throws IOException {
        running.ifPresent(Traffic::close);
        if (started.isPresent()) {
            started.get().close();
        }
        Figures.print();
    }

    @Test
    @Order(1)
    void everythingGoesOnWithoutGlobalControl() throws IOException, InterruptedException {
        kill("global-control", "global", _ -> true);

        await().atMost(RECOVERY_MAX)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(
                                platform().meridian("topology", "--json").output())
                        .contains(platform().nodes()));
    }

    @Test
    @Order(2)
    void everythingGoesOnWithoutTheOtherEtcds() throws IOException, InterruptedException {
        kill("etcd", "eu-west", _ -> true);
        kill("etcd", "global", _ -> true);
    }

    @Test
    @Order(3)
    void everythingGoesOnWithoutTheEtcdOfARegion() throws IOException, InterruptedException {
        hangAndDie("us-east");
    }

    @Test
    @Order(4)
    void clientsOfADeadNodeFindAnotherAndOtherZonesDoNotNotice() throws IOException, InterruptedException {
        var zone = "eu-west/a";
        kill("node", aNodeOf(zone, 0), path -> !path.touches(zone));
    }

    @Test
    @Order(5)
    void aZoneWhoseLeaderDiesElectsAnother() throws IOException, InterruptedException {
        var zone = "us-east/a";
        kill("node", aNodeOf(zone, 1), path -> !path.touches(zone));
    }

    @Test
    @Order(6)
    void nodeThatHangsLongerThanItsLeaseFindsItsPlaceAgain() throws IOException, InterruptedException {
        var node = Traffic.NODE_OF_THE_PATIENT;
        var zone = node.substring(0, node.lastIndexOf('/'));
        var other = zone + "/2";
        var elsewhere = new ArrayList<Device>(1);
        try (var overtaken = Device.connect(node, platform().portOfNode(node), "overtaken")) {
            var began = System.nanoTime();
            var resumed = stopFor(
                    platform().current("node", node),
                    PAUSE,
                    () -> elsewhere.add(Device.connect(other, platform().portOfNode(other), "overtaken")));
            await().atMost(RECOVERY_MAX)
                    .untilAsserted(() -> assertThat(overtaken.isConnected())
                            .as("the connection of a client that has another one elsewhere")
                            .isFalse());
            var what = "node stopped for %d s".formatted(PAUSE.toSeconds());
            assertRecovery(what, began, resumed, RECOVERY_MAX, path -> !path.touches(zone), elsewhere.size());
            assertThat(elsewhere).allMatch(Device::isConnected);
        } finally {
            elsewhere.forEach(Device::close);
        }
    }

    @Test
    @Order(7)
    void gatewayThatHangsIsMissedOnlyByTrafficAcrossItsZone() throws IOException, InterruptedException {
        var zone = "eu-west/a";
        pause("zone-gateway", zone, path -> path.staysInZone() || !path.touches(zone));
    }

    @Test
    @Order(8)
    void withoutItsGatewayARegionGoesOnByItself() throws IOException, InterruptedException {
        kill("region-gateway", "us-east", Flow.Path::staysInRegion);
    }

    @Test
    @Order(9)
    void withoutItsGatewayAZoneGoesOnByItself() throws IOException, InterruptedException {
        var zone = "us-east/b";
        kill("zone-gateway", zone, path -> path.staysInZone() || !path.touches(zone));
    }

    /** Ends the process at once; the platform starts it again. */
    private void kill(String kind, String place, Predicate<Flow.Path> goesOn) throws IOException, InterruptedException {
        var before = platform().current(kind, place);
        var began = System.nanoTime();
        before.signal("KILL");
        awaitBack(kind, place, before);
        var start = Duration.ofNanos(System.nanoTime() - began);
        var what = "kill -9 of %s %s, back after %.1f s".formatted(kind, place, start.toMillis() / 1e3);
        assertRecovery(what, began, began, RECOVERY_BEYOND_START_MAX.plus(start), goesOn, 0);
    }

    /** Stops the process for longer than others wait for it, and lets it go on. */
    private void pause(String kind, String place, Predicate<Flow.Path> goesOn)
            throws IOException, InterruptedException {
        var member = platform().current(kind, place);
        var began = System.nanoTime();
        var resumed = stopFor(member, PAUSE, () -> {});
        assertRecovery(
                "%s stopped for %d s".formatted(kind, PAUSE.toSeconds()), began, resumed, RECOVERY_MAX, goesOn, 0);
    }

    /** Stops the etcd of a region for longer than a lease, then ends it before it can do anything more. */
    private void hangAndDie(String region) throws IOException, InterruptedException {
        var before = platform().current("etcd", region);
        var began = System.nanoTime();
        before.signal("STOP");
        LockSupport.parkNanos(ETCD_PAUSE.toNanos());
        before.signal("KILL");
        awaitBack("etcd", region, before);
        var what = "etcd %s stopped for %d s, then kill -9".formatted(region, ETCD_PAUSE.toSeconds());
        assertRecovery(what, began, began, RECOVERY_MAX, _ -> true, 0);
    }

    /**
     * Stops a process and lets it go on.
     *
     * @param late to be done towards the end of the pause, when others have given the process up
     * @return when it went on, by {@link System#nanoTime}
     */
    private static long stopFor(Member member, Duration pause, Runnable late) throws IOException, InterruptedException {
        var until = System.nanoTime() + pause.toNanos();
        member.signal("STOP");
        try {
            LockSupport.parkNanos(pause.toNanos() * 4 / 5);
            late.run();
            LockSupport.parkNanos(until - System.nanoTime());
        } finally {
            member.signal("CONT");
        }
        return System.nanoTime();
    }

    /** A node of the zone that leads it or, with 0, one that does not. */
    private String aNodeOf(String zone, double leads) throws IOException {
        for (var node : nodesOf(zone)) {
            if (sum(List.of(node), "meridian_zone_leader") == leads) {
                return node;
            }
        }
        throw new AssertionError("no node of " + zone + " has meridian_zone_leader " + leads);
    }

    private void awaitBack(String kind, String place, Member before) {
        await().atMost(STEADY_WITHIN).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            var now = platform().current(kind, place);
            assertThat(now.restarts()).isEqualTo(before.restarts() + 1);
            assertThat(now.state()).isEqualTo("up");
        });
    }

    /**
     * @param began when the part failed
     * @param returned when it could do its work again, as far as its process is concerned
     * @param recoveryMax how long after that flows may be interrupted
     * @param goesOn what must not have been interrupted
     * @param others clients apart from the traffic's
     */
    private void assertRecovery(
            String what, long began, long returned, Duration recoveryMax, Predicate<Flow.Path> goesOn, int others) {
        traffic().awaitFlowing(STEADY_WITHIN);

        assertThat(traffic().flows(goesOn))
                .as("goes on during: %s", what)
                .allSatisfy(flow ->
                        assertThat(flow.interruption(began)).as("%s", flow).isEmpty());
        var interrupted = traffic().flows(goesOn.negate());
        if (!interrupted.isEmpty()) {
            Figures.add(what, times(interrupted, returned));
        }
        assertThat(interrupted)
                .as("flows again after: %s", what)
                .allSatisfy(flow -> assertThat(flow.interruption(returned).orElse(Duration.ZERO))
                        .as("%s", flow)
                        .isLessThan(recoveryMax));
        assertThat(traffic().flows())
                .as("keeps what it has acknowledged: %s", what)
                .allSatisfy(flow -> assertThat(flow.lost(began)).as("%s", flow).isEmpty());
        assertNothingStaysBehind(traffic().devices() + others);
    }

    private static String times(List<Flow> flows, long sinceNanos) {
        return "flows of its devices again after %s, of the load balancers' after %s"
                .formatted(
                        longest(
                                flows.stream()
                                        .filter(flow -> !flow.path().isBalanced())
                                        .toList(),
                                sinceNanos),
                        longest(
                                flows.stream()
                                        .filter(flow -> flow.path().isBalanced())
                                        .toList(),
                                sinceNanos));
    }

    private static String longest(List<Flow> flows, long sinceNanos) {
        return flows.stream()
                .filter(flow -> flow.interruption(sinceNanos).isPresent())
                .max(Comparator.comparing(flow -> flow.interruption(sinceNanos).orElseThrow()))
                .map(flow -> "%.1f s (%s)"
                        .formatted(flow.interruption(sinceNanos).orElseThrow().toMillis() / 1e3, flow))
                .orElse("0 s");
    }

    /**
     * Every client has one connection and one claim with one copy; no session waits; and every node knows what its neighbours
     * want, and no more.
     */
    private void assertNothingStaysBehind(int clients) {
        await().atMost(STEADY_WITHIN)
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptionsInstanceOf(IOException.class)
                .untilAsserted(() -> {
                    var nodes = platform().nodes();
                    assertThat(sum(nodes, "mqtt_connections")).as("connections").isEqualTo(clients);
                    assertThat(sum(nodes, "meridian_claims_held")).as("claims").isEqualTo(clients);
                    assertThat(sum(nodes, "meridian_claims_copied"))
                            .as("copies of claims")
                            .isEqualTo(clients);
                    for (var metric : NOTHING) {
                        assertThat(sum(nodes, metric)).as(metric).isZero();
                    }
                    for (var zone : platform().zones()) {
                        assertInterestIsExact(zone);
                        assertThat(sum(nodesOf(zone), "meridian_zone_leader"))
                                .as("leaders of %s", zone)
                                .isOne();
                    }
                });
    }

    private void assertInterestIsExact(String zone) throws IOException {
        var nodes = nodesOf(zone);
        var wanted = sum(nodes, "meridian_interest_own_filters");
        for (var node : nodes) {
            assertThat(sum(List.of(node), "meridian_interest_remote_literals"))
                    .as("what %s knows of others", node)
                    .isEqualTo(wanted - sum(List.of(node), "meridian_interest_own_filters"));
        }
        assertThat(platform().member("zone-gateway", zone).metric("meridian_gateway_literals"))
                .as("what the gateway of %s knows", zone)
                .isEqualTo(wanted);
    }

    private List<String> nodesOf(String zone) {
        return platform().nodes().stream()
                .filter(node -> node.startsWith(zone + "/"))
                .toList();
    }

    private double sum(List<String> nodes, String metric) throws IOException {
        var sum = 0.0;
        for (var node : nodes) {
            sum += platform().member("node", node).metric(metric);
        }
        return sum;
    }

    private LocalPlatform platform() {
        return started.orElseThrow();
    }

    private Traffic traffic() {
        return running.orElseThrow();
    }
}
