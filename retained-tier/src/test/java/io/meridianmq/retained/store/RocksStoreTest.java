package io.meridianmq.retained.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

class RocksStoreTest {

    private static final StoreFormat FORMAT = new StoreFormat("test", 2, List.of("things"));

    @TempDir
    private Path temporary;

    private Path folder;
    private StoreSettings settings;

    @BeforeEach
    void chooseFolder() {
        folder = temporary.resolve("node");
        settings = StoreSettings.small(folder);
    }

    @Test
    void anAbsentFolderGetsAnEmptyStoreThatKeepsWhatIsCommitted() throws Exception {
        write(20);
        try (var store = RocksStore.open(settings, FORMAT)) {
            assertThat(read(store, 19)).contains("value 19");
            assertThat(read(store, 20)).isEmpty();
        }
    }

    @Test
    void anInterruptedFirstStartIsDoneAgain() throws Exception {
        Files.createDirectories(folder.resolve("creating/data"));
        Files.writeString(folder.resolve("creating/data/half"), "x");
        RocksStore.open(settings, FORMAT).close();
        assertThat(folder.resolve("creating")).doesNotExist();
    }

    @Test
    void aFolderOfSomethingElseIsNotTouched() throws Exception {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("notes.txt"), "mine");
        assertRefused("is not empty but holds no store");
        assertThat(folder.resolve("notes.txt")).hasContent("mine");
    }

    @Test
    void aStoreOfANewerFormatIsRefused() throws Exception {
        write(1);
        Files.writeString(folder.resolve("store/FORMAT"), "meridian test 3\n");
        assertRefused("has format 3, written by a newer Meridian; this one reads up to format 2");
    }

    @Test
    void aStoreOfAnotherKindIsRefused() throws Exception {
        write(1);
        Files.writeString(folder.resolve("store/FORMAT"), "meridian sessions 2\n");
        assertRefused("holds a store of kind \"sessions\", not \"test\"");
    }

    @Test
    void anUnreadableFormatIsDamage() throws Exception {
        write(1);
        Files.writeString(folder.resolve("store/FORMAT"), "???");
        assertRefused("is damaged: the file FORMAT says \"???\"");
        Files.delete(folder.resolve("store/FORMAT"));
        assertRefused("is damaged: the file FORMAT is missing");
    }

    @Test
    void missingFilesAreDamageAndNotAReasonToBeginAgain() throws Exception {
        write(1);
        Files.delete(folder.resolve("store/data/CURRENT"));
        assertRefused("is damaged");
        assertThat(folder.resolve("store/data/CURRENT")).doesNotExist();
    }

    @Test
    void aDamagedLogIsRefused() throws Exception {
        write(200);
        var log = biggestLog();
        var bytes = Files.readAllBytes(log);
        var at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("value 100");
        bytes[at] ^= 0x55;
        Files.write(log, bytes);
        assertRefused("Restore the folder from a copy, or move it away");
    }

    @Test
    void aLogCutOffAtItsEndLosesTheLastCommitOnly() throws Exception {
        write(200);
        var log = biggestLog();
        var bytes = Files.readAllBytes(log);
        Files.write(log, Arrays.copyOf(bytes, bytes.length - 3));
        try (var store = RocksStore.open(settings, FORMAT)) {
            assertThat(read(store, 198)).contains("value 198");
            assertThat(read(store, 199)).isEmpty();
        }
    }

    @Test
    void aStoreInUseIsRefused() throws Exception {
        var open = RocksStore.open(settings, FORMAT);
        assertRefused("is in use by another process");
        open.close();
    }

    @Test
    void aClosedStoreThrowsInsteadOfCrashing() throws Exception {
        var store = RocksStore.open(settings, FORMAT);
        store.close();
        store.close();
        assertThatThrownBy(() -> read(store, 1)).isInstanceOf(StoreException.class);
        assertThatThrownBy(store::sizeBytes).isInstanceOf(StoreException.class);
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> RocksStore.open(settings, FORMAT).close())
                .isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining(message)
                .hasMessageContaining(folder.toString());
    }

    /** Commits this many values one by one, so that the log has as many records. */
    private void write(int count) throws IOException {
        try (var store = RocksStore.open(settings, FORMAT);
                var committer = StoreCommitter.start(store, settings)) {
            for (var i = 0; i < count; i++) {
                var done = new CompletableFuture<Void>();
                assertThat(committer.submit(new Put(store, i, done))).isTrue();
                done.join();
            }
        }
    }

    private static Optional<String> read(RocksStore store, int key) {
        return store.get(store.family("things"), key(key)).map(value -> new String(value, StandardCharsets.UTF_8));
    }

    private Path biggestLog() throws IOException {
        try (var files = Files.list(folder.resolve("store/data"))) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }

    private static byte[] key(int number) {
        return String.valueOf(number).getBytes(StandardCharsets.UTF_8);
    }

    private record Put(RocksStore store, int number, CompletableFuture<Void> done) implements StoreCommitter.Change {
        @Override
        public long sizeBytes() {
            return 10;
        }

        @Override
        public void apply(WriteBatch group) throws RocksDBException {
            group.put(store.family("things"), key(number), ("value " + number).getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void committed() {
            done.complete(null);
        }

        @Override
        public void failed(Throwable cause) {
            done.completeExceptionally(cause);
        }
    }
}
