package io.meridianmq.fabric.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.config.HostPort;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against a real etcd, with leases that no busy machine lets end, and short ones where that they end is the point. */
@Tag("server")
@Timeout(180)
class EtcdDirectoryTest {

    private static final EtcdTiming TIMING = timing(Duration.ofSeconds(60));
    private static final EtcdTiming SHORT = timing(Duration.ofSeconds(4));

    /** Shorter than a lease of {@link #TIMING}: what comes about in time does so without the end of one. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final List<AutoCloseable> toClose = new CopyOnWriteArrayList<>();
    private final List<PlaceTakenException> taken = new CopyOnWriteArrayList<>();
    private final EtcdServer etcd;

    EtcdDirectoryTest(@TempDir Path folder) {
        etcd = EtcdServer.stopped(folder.resolve("etcd"));
        toClose.add(etcd);
    }

    @AfterEach
    void closeInReverse() throws Exception {
        for (var closeable : new ArrayList<>(toClose).reversed()) {
            closeable.close();
        }
    }

    @Test
    void membersThatJoinAreListedAndThoseThatLeaveGoAtOnce() throws Exception {
        etcd.start();
        var observer = observe(directory());
        var first = directory();
        first.register(member("1", 10)).get(30, TimeUnit.SECONDS);
        first.register(member("2", 10)).get(30, TimeUnit.SECONDS);
        directory().register(member("3", 10)).get(30, TimeUnit.SECONDS);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(observer.nodes()).containsExactly("1", "2", "3"));
        first.close();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(observer.nodes()).containsExactly("3"));
        observer.assertRevisionsRose();
    }

    @Test
    void aMemberThatIsRegisteredAgainIsListedAsItIsNow() throws Exception {
        etcd.start();
        var observer = directory();
        var directory = directory();
        directory.register(member("1", 10)).get(30, TimeUnit.SECONDS);
        var draining = member("1", 10).withDraining(true);
        directory.register(draining).get(30, TimeUnit.SECONDS);
        await().atMost(LIMIT)
                .untilAsserted(() ->
                        assertThat(observer.view().member(draining.place())).contains(draining));
        directory.register(member("1", 10)).get(30, TimeUnit.SECONDS);
        await().atMost(LIMIT)
                .untilAsserted(() ->
                        assertThat(observer.view().member(draining.place())).contains(member("1", 10)));
    }

    @Test
    void whoCannotRenewIsDroppedByTheOthersAndComesBack() throws Exception {
        etcd.start();
        var proxy = closeLater(TcpProxy.to(etcd.address()));
        var cutOff = directory(proxy.address(), SHORT);
        var alone = observe(cutOff);
        var observer = observe(directory());
        cutOff.register(member("1", 10)).get(30, TimeUnit.SECONDS);
        directory().register(member("2", 10)).get(30, TimeUnit.SECONDS);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(alone.nodes()).containsExactly("1", "2"));
        proxy.cut();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(observer.nodes()).containsExactly("2"));
        await().atMost(LIMIT).until(() -> !cutOff.connected());
        assertThat(alone.nodes()).as("the view of who is cut off stays").containsExactly("1", "2");
        proxy.heal();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(observer.nodes()).containsExactly("1", "2"));
        await().atMost(LIMIT).until(cutOff::connected);
        observer.assertRevisionsRose();
        alone.assertRevisionsRose();
    }

    @Test
    void nobodyIsDroppedWhenEtcdCrashesAndReturnsWithItsData() throws Exception {
        etcd.start();
        var first = directory(etcd.address(), SHORT);
        first.register(member("1", 10)).get(30, TimeUnit.SECONDS);
        var second = directory(etcd.address(), SHORT);
        second.register(member("2", 10)).get(30, TimeUnit.SECONDS);
        var observer = observe(first);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(observer.nodes()).containsExactly("1", "2"));
        etcd.kill();
        await().atMost(LIMIT).until(() -> !first.connected() && !second.connected());
        assertThat(first.ready()).isTrue();
        etcd.start();
        await().atMost(LIMIT).until(() -> first.connected() && second.connected());
        second.register(member("3", 10)).get(30, TimeUnit.SECONDS);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(observer.nodes()).containsExactly("1", "2", "3"));
        assertThat(observer.smallestSize(2)).isEqualTo(2);
        observer.assertRevisionsRose();
    }

    @Test
    void nobodyAliveIsDroppedWhenEtcdReturnsWithoutItsDataAndTheDeadGoAfterTwoLeaseTimes() throws Exception {
        etcd.start();
        var proxy = closeLater(TcpProxy.to(etcd.address()));
        var first = directory(etcd.address(), SHORT);
        first.register(member("1", 10)).get(30, TimeUnit.SECONDS);
        directory(etcd.address(), SHORT).register(member("2", 10)).get(30, TimeUnit.SECONDS);
        directory(proxy.address(), SHORT).register(member("3", 10)).get(30, TimeUnit.SECONDS);
        var observer = observe(first);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(observer.nodes()).containsExactly("1", "2", "3"));
        etcd.kill();
        etcd.wipe();
        proxy.cut(); // Node 3 does not live to see etcd again.
        await().atMost(LIMIT).until(() -> first.sinceContact().compareTo(SHORT.outage()) > 0);
        var sinceNanos = System.nanoTime();
        etcd.start();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(observer.nodes()).containsExactly("1", "2"));
        assertThat(System.nanoTime() - sinceNanos).isGreaterThan(SHORT.grace().toNanos());
        assertThat(observer.smallestSize(3)).isEqualTo(2);
        observer.assertRevisionsRose();
    }

    @Test
    void waitsForAnEtcdThatIsNotThereAtTheStart() throws Exception {
        var directory = directory();
        var registered = directory.register(member("1", 10));
        var observer = observe(directory);
        await().atMost(LIMIT).until(() -> counter(directory, "meridian.directory.failures") >= 2);
        assertThat(directory.ready()).isFalse();
        assertThat(directory.connected()).isFalse();
        assertThat(registered).isNotDone();
        etcd.start();
        registered.get(30, TimeUnit.SECONDS);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(observer.nodes()).containsExactly("1"));
        assertThat(directory.ready()).isTrue();
        assertThat(counter(directory, "meridian.directory.connects")).isEqualTo(1);
    }

    @Test
    void twoProcessesWithOnePlaceAreToldAndTheHigherBootStays() throws Exception {
        etcd.start();
        var older = directory();
        older.register(member("1", 10)).get(30, TimeUnit.SECONDS);
        var newer = directory();
        newer.register(member("1", 20)).get(30, TimeUnit.SECONDS);
        await().atMost(LIMIT).until(() -> taken.size() == 1);
        assertThat(taken.getFirst())
                .hasMessageContaining("us-east/a/1 is held by another process with a higher boot (20")
                .hasMessageContaining("this process has boot 10");
        assertThatThrownBy(() -> directory().register(member("1", 15)).get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(PlaceTakenException.class);
        older.close();
        await().atMost(LIMIT)
                .untilAsserted(() ->
                        assertThat(newer.view().member(member("1", 20).place())).contains(member("1", 20)));
    }

    @Test
    void registersAgainWhenItsKeyOrItsLeaseIsRemoved() throws Exception {
        etcd.start();
        var directory = directory();
        directory.register(member("1", 10)).get(30, TimeUnit.SECONDS);
        var observer = observe(directory());
        await().atMost(LIMIT).untilAsserted(() -> assertThat(observer.nodes()).containsExactly("1"));
        try (var client = client()) {
            client.getKVClient()
                    .delete(ByteSequence.from("/test/members/us-east/a/1", StandardCharsets.UTF_8))
                    .get(30, TimeUnit.SECONDS);
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(observer.sizes()).endsWith(0, 1));
            var key = ByteSequence.from("/test/members/us-east/a/1", StandardCharsets.UTF_8);
            var lease = client.getKVClient()
                    .get(key)
                    .get(30, TimeUnit.SECONDS)
                    .getKvs()
                    .getFirst()
                    .getLease();
            client.getLeaseClient().revoke(lease).get(30, TimeUnit.SECONDS);
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(observer.sizes()).endsWith(0, 1, 0, 1));
            await().atMost(LIMIT).until(() -> counter(directory, "meridian.directory.leases.lost") == 1);
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(observer.nodes()).containsExactly("1"));
        }
        observer.assertRevisionsRose();
    }

    @Test
    void keysThatAreNoMembersDisturbNobody() throws Exception {
        etcd.start();
        try (var client = client()) {
            client.getKVClient()
                    .put(
                            ByteSequence.from("/test/members/Not A Place", StandardCharsets.UTF_8),
                            ByteSequence.from("x", StandardCharsets.UTF_8))
                    .get(30, TimeUnit.SECONDS);
            var directory = directory();
            directory.register(member("1", 10)).get(30, TimeUnit.SECONDS);
            client.getKVClient()
                    .put(
                            ByteSequence.from("/test/members/us-east/a/2", StandardCharsets.UTF_8),
                            ByteSequence.from("\u0001x", StandardCharsets.UTF_8))
                    .get(30, TimeUnit.SECONDS);
            directory.register(member("3", 10)).get(30, TimeUnit.SECONDS);
            var observer = observe(directory);
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(observer.nodes()).containsExactly("1", "3"));
        }
    }

    @Test
    void changesArriveInTheirOrder() throws Exception {
        etcd.start();
        var directory = directory();
        var observer = observe(directory);
        await().atMost(LIMIT).until(directory::ready);
        var codec = new MemberCodec("/test");
        try (var client = client()) {
            for (int boot = 1; boot <= 300; boot++) {
                var member = member("9", boot);
                client.getKVClient()
                        .put(codec.key(member.place()), MemberCodec.value(member))
                        .get(30, TimeUnit.SECONDS);
            }
        }
        await().atMost(LIMIT)
                .until(() -> directory.view().contains(member("9", 300).place())
                        && observer.boots("9").getLast() == 300);
        assertThat(observer.boots("9")).isSorted().doesNotHaveDuplicates();
        observer.assertRevisionsRose();
    }

    @Test
    void aWatchFromBeforeACompactionSaysThatItIsBroken() throws Exception {
        etcd.start();
        var broken = new CompletableFuture<String>();
        var codec = new MemberCodec("/test");
        try (var client = client();
                var executor = Executors.newVirtualThreadPerTaskExecutor();
                var connection = new EtcdConnection(List.of(etcd.address()), codec, TIMING.callLimit(), executor)) {
            var key = codec.key(member("1", 1).place());
            var value = MemberCodec.value(member("1", 1));
            client.getKVClient().put(key, value).get(30, TimeUnit.SECONDS);
            var revision = client.getKVClient()
                    .put(key, value)
                    .get(30, TimeUnit.SECONDS)
                    .getHeader()
                    .getRevision();
            client.getKVClient().compact(revision).get(30, TimeUnit.SECONDS);
            connection.watch(1, changes -> {}, broken::complete);
            assertThat(broken.get(30, TimeUnit.SECONDS)).contains("compacted");
        }
    }

    @Test
    void whoWaitsForARegistrationIsToldThatTheDirectoryEnds() {
        var directory = directory();
        var registered = directory.register(member("1", 10));
        directory.close();
        assertThat(registered).isCancelled();
    }

    private EtcdDirectory directory() {
        return directory(etcd.address(), TIMING);
    }

    private EtcdDirectory directory(HostPort address, EtcdTiming timing) {
        return closeLater(EtcdDirectory.start("test", List.of(address), "/test", timing, taken::add));
    }

    private static EtcdTiming timing(Duration lease) {
        return new EtcdTiming(
                lease, Duration.ofMillis(500), Duration.ofMillis(100), Duration.ofSeconds(2), Duration.ofSeconds(30));
    }

    private <T extends AutoCloseable> T closeLater(T closeable) {
        toClose.add(closeable);
        return closeable;
    }

    private Client client() {
        return Client.builder()
                .endpoints(URI.create("http://" + etcd.address()))
                .build();
    }

    private static double counter(EtcdDirectory directory, String name) {
        var registry = new SimpleMeterRegistry();
        directory.bindTo(registry);
        return registry.get(name).functionCounter().count();
    }

    private static Member member(String node, long boot) {
        return new Member(Place.node("us-east", "a", node), boot, "127.0.0.1:7000", "127.0.0.1:1883", "");
    }

    private static Observer observe(Directory directory) {
        var observer = new Observer();
        directory.watch(observer.views::add);
        return observer;
    }

    private static final class Observer {

        private final List<MembershipView> views = new CopyOnWriteArrayList<>();

        List<String> nodes() {
            return views.isEmpty()
                    ? List.of()
                    : views.getLast().members().keySet().stream()
                            .map(Place::node)
                            .toList();
        }

        List<Long> boots(String node) {
            var place = Place.node("us-east", "a", node);
            return views.stream()
                    .flatMap(view -> view.member(place).stream())
                    .map(Member::boot)
                    .toList();
        }

        List<Integer> sizes() {
            return views.stream().map(view -> view.members().size()).toList();
        }

        /** The fewest members of any view since there were {@code members} for the first time. */
        int smallestSize(int members) {
            return sizes().stream()
                    .dropWhile(size -> size < members)
                    .mapToInt(Integer::intValue)
                    .min()
                    .orElseThrow();
        }

        void assertRevisionsRose() {
            var revisions = views.stream().map(MembershipView::revision).toList();
            assertThat(revisions).isSorted().doesNotHaveDuplicates();
        }
    }
}
