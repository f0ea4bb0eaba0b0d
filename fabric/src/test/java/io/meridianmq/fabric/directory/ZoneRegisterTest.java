package io.meridianmq.fabric.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.slot.RegisterState;
import io.meridianmq.core.slot.SlotProposal;
import io.meridianmq.core.slot.SlotTable;
import io.meridianmq.fabric.config.HostPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Leader and slot table in a real etcd, with leases that no busy machine lets end, and short ones where they are to end. */
@Tag("server")
@Timeout(180)
class ZoneRegisterTest {

    private static final Place ZONE = Place.zone("us-east", "a");
    private static final EtcdTiming TIMING = timing(Duration.ofSeconds(60));
    private static final EtcdTiming SHORT = timing(Duration.ofSeconds(4));

    /** Shorter than a lease of {@link #TIMING}: what comes about in time does so without the end of one. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final String PREFIX = "/test";

    private final List<AutoCloseable> toClose = new CopyOnWriteArrayList<>();
    private final EtcdServer etcd;

    ZoneRegisterTest(@TempDir Path folder) {
        etcd = EtcdServer.stopped(folder.resolve("etcd"));
        toClose.add(etcd);
        etcd.start();
    }

    @AfterEach
    void closeInReverse() throws Exception {
        for (var closeable : new ArrayList<>(toClose).reversed()) {
            closeable.close();
        }
    }

    @Test
    void oneOfTwoCandidatesLeadsAndTheOtherFollowsWhenItLeaves() throws Exception {
        var first = node("1", etcd.address());
        await().atMost(LIMIT).untilAsserted(() -> assertThat(first.leader()).contains(first.self));
        var second = node("2", etcd.address());
        await().atMost(LIMIT).untilAsserted(() -> assertThat(second.leader()).contains(first.self));
        first.close(); // It left, so nobody waits for its lease.
        await().atMost(LIMIT).untilAsserted(() -> assertThat(second.leader()).contains(second.self));
    }

    @Test
    void whoIsElectedHasSeenTheZoneWithoutItsPredecessor() throws Exception {
        var proxy = closeLater(TcpProxy.to(etcd.address()));
        var first = node("1", proxy.address(), SHORT);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(first.leader()).contains(first.self));
        var second = node("2", etcd.address(), SHORT);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(second.leader()).contains(first.self));
        proxy.cut();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(second.leader()).contains(second.self));
        assertThat(second.membersWhenElected).doesNotContain(first.self.place());
        assertThat(first.leader()).as("what it knew when it was cut off").contains(first.self);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(first.register()).isEqualTo(RegisterState.AWAY));
        proxy.heal();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(first.leader()).contains(second.self));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(first.register()).isNotEqualTo(RegisterState.AWAY));
    }

    @Test
    void everybodySeesWhatTheLeaderWritesAndNobodyElseWrites() throws Exception {
        var leader = node("1", etcd.address());
        await().atMost(LIMIT).untilAsserted(() -> assertThat(leader.leader()).contains(leader.self));
        var other = node("2", etcd.address());
        var gateway = new Follower(Optional.empty(), etcd.address(), TIMING);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(other.leader()).contains(leader.self));
        var table = SlotTable.ofOne(leader.self);

        other.directory.propose(new SlotProposal(table, 0));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(other.answers()).containsExactly(false));
        leader.directory.propose(new SlotProposal(table, 7));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(leader.answers()).containsExactly(false));
        assertThat(leader.table()).isEqualTo(SlotTable.EMPTY);

        leader.directory.propose(new SlotProposal(table, 0));
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(leader.answers()).containsExactly(false, true);
            assertThat(List.of(leader.table(), other.table(), gateway.table())).containsOnly(table);
        });
    }

    /** With the connections alone: the deposed leader must not hear of its fate before it writes. */
    @Test
    void aLeaderThatWasDeposedWithoutNoticingCannotWrite() throws Exception {
        var events = new ArrayList<ZoneEvent>();
        var deposed = register("1", events);
        var successor = register("2", new ArrayList<>());
        try (var etcdOfDeposed = connection();
                var etcdOfSuccessor = connection()) {
            var lease = etcdOfDeposed.grant(TIMING.leaseTime());
            deposed.list(etcdOfDeposed);
            assertThat(deposed.campaign(etcdOfDeposed, lease)).isTrue();
            deposed.list(etcdOfDeposed);
            etcdOfSuccessor.revoke(lease);
            successor.list(etcdOfSuccessor);
            assertThat(successor.campaign(etcdOfSuccessor, etcdOfSuccessor.grant(TIMING.leaseTime())))
                    .isTrue();
            events.clear();

            deposed.propose(etcdOfDeposed, new SlotProposal(SlotTable.ofOne(incarnation("1")), 0));
            assertThat(events)
                    .containsExactly(new ZoneEvent.Led(Optional.of(incarnation("2"))), new ZoneEvent.Proposed(false));
            assertThat(etcdOfSuccessor.read(new ZoneCodec(PREFIX, ZONE)).entries())
                    .as("the leader's key alone")
                    .hasSize(1);
        }
    }

    @Test
    void twoTermsOfOneLeaderAreNotTheSame() throws Exception {
        var events = new ArrayList<ZoneEvent>();
        var register = register("1", events);
        try (var connection = connection()) {
            var lease = connection.grant(TIMING.leaseTime());
            assertThat(register.campaign(connection, lease)).isTrue();
            register.list(connection);
            connection.revoke(lease);
            assertThat(register.campaign(connection, connection.grant(TIMING.leaseTime())))
                    .isTrue();
            register.propose(connection, new SlotProposal(SlotTable.ofOne(incarnation("1")), 0));
            assertThat(events.getLast()).isEqualTo(new ZoneEvent.Proposed(false));
            register.propose(connection, new SlotProposal(SlotTable.ofOne(incarnation("1")), 0));
            assertThat(events.getLast()).isEqualTo(new ZoneEvent.Proposed(true));
        }
    }

    @Test
    void theTableSurvivesEtcdAndEverybody() throws Exception {
        var leader = node("1", etcd.address());
        await().atMost(LIMIT).untilAsserted(() -> assertThat(leader.leader()).contains(leader.self));
        var table = SlotTable.ofOne(leader.self);
        leader.directory.propose(new SlotProposal(table, 0));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(leader.table()).isEqualTo(table));

        etcd.kill();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(leader.register()).isEqualTo(RegisterState.AWAY));
        leader.directory.propose(new SlotProposal(new SlotTable(2, table.slots()), 1));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(leader.answers()).containsExactly(true, false));
        etcd.start();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(leader.register()).isNotEqualTo(RegisterState.AWAY));
        leader.close();

        var next = node("2", etcd.address());
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(next.table()).isEqualTo(table);
            assertThat(next.leader()).contains(next.self);
        });
    }

    @Test
    void anOutageLongerThanHalfALeaseIsToldAsOne() throws Exception {
        var node = node("1", etcd.address(), SHORT);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(node.register()).isEqualTo(RegisterState.THERE));
        etcd.kill();
        await().atMost(LIMIT)
                .until(() ->
                        node.directory.sinceContact().compareTo(SHORT.outage().plusMillis(100)) > 0);
        etcd.start();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(node.register()).isEqualTo(RegisterState.RETURNED));
    }

    @Test
    void aQuestionIsAnsweredAfterWhatWasRead() throws Exception {
        var node = node("1", etcd.address());
        await().atMost(LIMIT).untilAsserted(() -> assertThat(node.leader()).contains(node.self));
        node.directory.propose(new SlotProposal(SlotTable.ofOne(node.self), 0));
        node.directory.confirm(5);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(node.events).contains(new ZoneEvent.Confirmed(5)));
        assertThat(node.table().version()).isEqualTo(1);
    }

    private Follower node(String name, HostPort address) throws Exception {
        return node(name, address, TIMING);
    }

    private Follower node(String name, HostPort address, EtcdTiming timing) throws Exception {
        var follower = new Follower(Optional.of(incarnation(name)), address, timing);
        follower.directory
                .register(new Member(follower.self.place(), follower.self.boot(), "", "", ""))
                .get(30, TimeUnit.SECONDS);
        return follower;
    }

    private ZoneRegister register(String name, List<ZoneEvent> events) {
        return new ZoneRegister(PREFIX, ZONE, Optional.of(incarnation(name)), events::add);
    }

    private EtcdConnection connection() {
        ExecutorService executor = closeLater(Executors.newVirtualThreadPerTaskExecutor());
        return new EtcdConnection(List.of(etcd.address()), new MemberCodec(PREFIX), TIMING.callLimit(), executor);
    }

    private <T extends AutoCloseable> T closeLater(T closeable) {
        toClose.add(closeable);
        return closeable;
    }

    private static EtcdTiming timing(Duration lease) {
        return new EtcdTiming(
                lease, Duration.ofMillis(500), Duration.ofMillis(100), Duration.ofSeconds(2), Duration.ofSeconds(30));
    }

    private static Incarnation incarnation(String node) {
        return new Incarnation(Place.node("us-east", "a", node), 10);
    }

    /** A process that follows the zone, and remembers what it heard. */
    private final class Follower implements AutoCloseable {

        private final Incarnation self;
        private final EtcdDirectory directory;
        private final List<ZoneEvent> events = new CopyOnWriteArrayList<>();
        private final List<Place> members = new CopyOnWriteArrayList<>();
        private final List<Place> membersWhenElected = new CopyOnWriteArrayList<>();

        Follower(Optional<Incarnation> candidate, HostPort address, EtcdTiming timing) {
            self = candidate.orElse(new Incarnation(ZONE, 1));
            directory = closeLater(EtcdDirectory.start("test", List.of(address), PREFIX, timing, _ -> {}));
            directory.watch(view -> {
                members.clear();
                members.addAll(view.members().keySet());
            });
            directory.followZone(ZONE, candidate, this::heard);
        }

        private void heard(ZoneEvent event) {
            if (event.equals(new ZoneEvent.Led(Optional.of(self)))) {
                membersWhenElected.addAll(members);
            }
            events.add(event);
        }

        Optional<Incarnation> leader() {
            return last(ZoneEvent.Led.class).flatMap(ZoneEvent.Led::leader);
        }

        SlotTable table() {
            return last(ZoneEvent.Shared.class).map(ZoneEvent.Shared::table).orElse(SlotTable.EMPTY);
        }

        RegisterState register() {
            return last(ZoneEvent.Reached.class).map(ZoneEvent.Reached::state).orElse(RegisterState.AWAY);
        }

        List<Boolean> answers() {
            return events.stream()
                    .filter(ZoneEvent.Proposed.class::isInstance)
                    .map(answer -> ((ZoneEvent.Proposed) answer).written())
                    .toList();
        }

        private <T extends ZoneEvent> Optional<T> last(Class<T> kind) {
            return List.copyOf(events).reversed().stream()
                    .filter(kind::isInstance)
                    .findFirst()
                    .map(kind::cast);
        }

        @Override
        public void close() {
            directory.close();
        }
    }
}
