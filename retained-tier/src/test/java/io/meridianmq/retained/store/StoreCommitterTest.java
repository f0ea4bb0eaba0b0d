package io.meridianmq.retained.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StoreCommitterTest {

    private static final StoreFormat FORMAT = new StoreFormat("test", 1, List.of("things"));

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init") // Every test begins with start().
    private RocksStore store;

    @SuppressWarnings("NullAway.Init")
    private StoreCommitter committer;

    @AfterEach
    void close() {
        committer.close();
        store.close();
    }

    @Test
    void whatArrivesDuringACommitIsCommittedAsOneGroup() throws Exception {
        start(Durability.os(), 100, 1_000);
        var release = holdCommitter();
        var changes = List.of(new Put("a"), new Put("b"), new Put("c"));
        changes.forEach(change -> assertThat(committer.submit(change)).isTrue());
        release.countDown();
        changes.forEach(change -> change.done.join());
        assertThat(committer.figures().groups()).isEqualTo(1);
        assertThat(has("a") && has("b") && has("c")).isTrue();
    }

    @Test
    void aFullQueueRefusesAndCounts() throws Exception {
        start(Durability.os(), 2, 1_000);
        var release = holdCommitter();
        assertThat(committer.submit(new Put("a"))).isTrue();
        assertThat(committer.submit(new Put("b"))).isTrue();
        assertThat(committer.submit(new Put("c"))).isFalse();
        assertThat(committer.figures().queuedChanges()).isEqualTo(2);
        assertThat(committer.figures().refused()).isEqualTo(1);
        release.countDown();
    }

    @Test
    void theQueueIsBoundedInBytesButTakesOneChangeOfAnySize() throws Exception {
        start(Durability.os(), 100, 5);
        var release = holdCommitter();
        assertThat(committer.submit(new Put("much more than five bytes"))).isTrue();
        assertThat(committer.submit(new Put("x"))).isFalse();
        release.countDown();
    }

    @Test
    void aChangeThatFailsTakesBackItsWritesAndTheOthersGoOn() throws Exception {
        start(Durability.os(), 100, 1_000);
        var release = holdCommitter();
        var good = new Put("good");
        var broken = new Put("broken") {
            @Override
            public void apply(WriteBatch group) throws RocksDBException {
                super.apply(group);
                throw new IllegalStateException("changed my mind");
            }
        };
        committer.submit(broken);
        committer.submit(good);
        release.countDown();
        good.done.join();
        assertThat(broken.done).isCompletedExceptionally();
        assertThat(has("good")).isTrue();
        assertThat(has("broken")).isFalse();
        assertThat(committer.figures().failures()).isEqualTo(1);
    }

    @Test
    void closingCommitsWhatWaitsAndRefusesWhatComesLater() throws Exception {
        start(Durability.os(), 100, 1_000);
        var release = holdCommitter();
        var waiting = new Put("waiting");
        committer.submit(waiting);
        release.countDown();
        committer.close();
        assertThat(waiting.done).isCompleted();
        assertThat(committer.submit(new Put("late"))).isFalse();
        assertThat(has("waiting")).isTrue();
    }

    @Test
    void anIntervalSyncsAfterTheCommitAlsoWhenNothingFollows() throws Exception {
        start(new Durability(Durability.Sync.INTERVAL, Duration.ofMillis(5)), 100, 1_000);
        var change = new Put("a");
        committer.submit(change);
        change.done.join();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> committer.figures().syncs() == 1);
    }

    @Test
    void closingSyncsWhatIsNotOnDisk() throws Exception {
        start(new Durability(Durability.Sync.INTERVAL, Duration.ofDays(1)), 100, 1_000);
        var change = new Put("a");
        committer.submit(change);
        change.done.join();
        assertThat(committer.figures().syncs()).isZero();
        committer.close();
        assertThat(committer.figures().syncs()).isEqualTo(1);
    }

    private void start(Durability durability, int queueChanges, long queueBytes) throws IOException {
        var settings =
                new StoreSettings(folder.resolve("s"), durability, 1 << 20, 1 << 20, 64, queueChanges, queueBytes, 0);
        store = RocksStore.open(settings, FORMAT);
        committer = StoreCommitter.start(store, settings);
    }

    /** Keeps the committer busy, with nothing to write, until the latch is counted down. */
    private CountDownLatch holdCommitter() throws InterruptedException {
        var reached = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        committer.submit(new Put("") {
            @Override
            public void apply(WriteBatch group) {
                reached.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        reached.await();
        return release;
    }

    private boolean has(String key) {
        return store.get(store.family("things"), key.getBytes(StandardCharsets.UTF_8))
                .isPresent();
    }

    private class Put implements StoreCommitter.Change {

        private final String key;
        final CompletableFuture<Boolean> done = new CompletableFuture<>();

        Put(String key) {
            this.key = key;
        }

        @Override
        public long sizeBytes() {
            return key.length();
        }

        @Override
        public void apply(WriteBatch group) throws RocksDBException {
            group.put(store.family("things"), key.getBytes(StandardCharsets.UTF_8), new byte[1]);
        }

        @Override
        public void committed() {
            done.complete(true);
        }

        @Override
        public void failed(Throwable cause) {
            done.completeExceptionally(cause);
        }
    }
}
