package io.meridianmq.fabric.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.settings.GlobalTopic;
import io.meridianmq.core.settings.PlatformSettings;
import io.meridianmq.fabric.directory.EtcdServer;
import io.meridianmq.fabric.settings.SettingsStore.Change;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The settings in a real etcd. */
@Tag("server")
class SettingsStoreTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String PREFIX = "/test";
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final EtcdServer etcd;
    private final SettingsStore store;

    SettingsStoreTest(@TempDir Path folder) {
        etcd = EtcdServer.started(folder.resolve("etcd"));
        store = new SettingsStore(List.of(etcd.address()), PREFIX, InstantSource.fixed(NOW));
    }

    @AfterEach
    void stop() {
        store.close();
        etcd.close();
    }

    @Test
    void nothingIsInForceAtFirst() throws Exception {
        assertThat(store.inForce()).isEqualTo(SettingsVersion.NONE);
        assertThat(store.history()).isEmpty();
        assertThat(store.version(0)).contains(SettingsVersion.NONE);
        assertThat(store.version(1)).isEmpty();
    }

    @Test
    void whatIsWrittenIsInForceWithWhoWhenAndWhy() throws Exception {
        var topic = new GlobalTopic("plant/#", regions("us-east"), regions("eu-west", "ap-south"));
        var wanted = PlatformSettings.of(0, Map.of("cross-region", "listed"), List.of(topic));

        var written = store.write(new Change(wanted, 0, "ann", "audit", "sets cross-region"));

        assertThat(written).isEqualTo(new SettingsVersion(wanted.at(1), NOW, "ann", "audit", "sets cross-region"));
        assertThat(store.inForce()).isEqualTo(written);
        assertThat(store.version(1)).contains(written);
        assertThat(store.history()).containsExactly(written);
    }

    @Test
    void aStaleVersionIsRefusedAndNamesTheCurrentOne() throws Exception {
        store.write(change(PlatformSettings.NONE));
        assertThatThrownBy(() -> store.write(change(PlatformSettings.NONE)))
                .isInstanceOf(StaleVersionException.class)
                .hasMessage("version 0 of the settings was expected, but version 1 is in force, by ann: a change");
        assertThatThrownBy(() -> store.write(change(PlatformSettings.NONE.at(7))))
                .isInstanceOf(StaleVersionException.class);
        assertThat(store.inForce().number()).isEqualTo(1);
    }

    @Test
    void ofManyWhoWriteAtOnceOneSucceeds() throws Exception {
        var stale = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var write = (Callable<SettingsVersion>) () -> store.write(change(PlatformSettings.NONE));
            for (var written : threads.invokeAll(Collections.nCopies(8, write))) {
                if (written.state() == Future.State.FAILED) {
                    assertThat(written.exceptionNow()).isInstanceOf(StaleVersionException.class);
                    stale++;
                }
            }
        }
        assertThat(stale).isEqualTo(7);
        assertThat(store.inForce().number()).isEqualTo(1);
    }

    @Test
    void theLastHundredVersionsAreKept() throws Exception {
        for (var number = 0; number < 103; number++) {
            store.write(change(PlatformSettings.NONE.at(number)));
        }
        assertThat(store.history())
                .extracting(SettingsVersion::number)
                .containsExactlyElementsOf(LongStream.iterate(103, number -> number > 3, number -> number - 1)
                        .boxed()
                        .toList());
        assertThat(store.version(3)).isEmpty();
        assertThat(store.version(4)).isPresent();
    }

    @Test
    void aNewVersionIsAboveWhatThePlatformKnows() throws Exception {
        var written = store.write(new Change(PlatformSettings.NONE, 57, "ann", "", "a change"));
        assertThat(written.number()).isEqualTo(58);
        assertThat(store.write(change(written.settings())).number()).isEqualTo(59);
    }

    @Test
    void settingsThatDoNotFitAreRefused() {
        var regions = regions(
                IntStream.range(0, 100).mapToObj(i -> "region-number-" + i).toArray(String[]::new));
        var topics = IntStream.range(0, 500)
                .mapToObj(i -> new GlobalTopic("topic/" + i, regions, regions))
                .toList();
        var tooLarge = PlatformSettings.of(0, Map.of(), topics);
        assertThatThrownBy(() -> store.write(change(tooLarge)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bytes, allowed are 524288");
    }

    @Test
    void whoFollowsHearsOfEachVersionWithinSecondsAndAgainAfterEtcdWasAway() throws Exception {
        var heard = new CopyOnWriteArrayList<Long>();
        try (var _ = SettingsFollower.start(List.of(etcd.address()), PREFIX, version -> heard.add(version.number()))) {
            await().atMost(LIMIT).untilAsserted(() -> assertThat(heard).containsExactly(0L));
            var first = store.write(change(PlatformSettings.NONE));
            await().atMost(Duration.ofSeconds(3))
                    .untilAsserted(() -> assertThat(heard).containsExactly(0L, 1L));

            etcd.kill();
            assertThatThrownBy(() -> store.inForce()).isInstanceOf(SettingsAwayException.class);
            etcd.start();
            store.write(change(first.settings()));
            await().atMost(LIMIT).untilAsserted(() -> assertThat(heard).containsExactly(0L, 1L, 2L));
        }
    }

    @Test
    void aValueThatIsNoSettingsIsReportedAndNotFollowed() throws Exception {
        var heard = new CopyOnWriteArrayList<Long>();
        try (var client = Client.builder().endpoints("http://" + etcd.address()).build()) {
            client.getKVClient()
                    .put(bytes(PREFIX + "/settings"), bytes("not protobuf"))
                    .get();
        }
        assertThatThrownBy(() -> store.inForce())
                .isInstanceOf(SettingsAwayException.class)
                .hasMessageContaining("key /test/settings in the global etcd does not hold settings");
        try (var _ = SettingsFollower.start(List.of(etcd.address()), PREFIX, version -> heard.add(version.number()))) {
            assertThat(heard).isEmpty();
        }
    }

    private static Change change(PlatformSettings settings) {
        return new Change(settings.with("k", Optional.of("v")), 0, "ann", "", "a change");
    }

    private static SortedSet<Place> regions(String... names) {
        return new TreeSet<>(List.of(names).stream().map(Place::region).toList());
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }
}
