package io.meridianmq.broker.store;

import io.meridianmq.broker.codec.ProtocolException;
import io.meridianmq.broker.codec.TopicCache;
import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.publish.Stamps;
import io.meridianmq.core.link.ClaimRecord;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.session.KeptMessage;
import io.meridianmq.fabric.lifecycle.StartRefusedException;
import io.meridianmq.retained.store.CommitterFigures;
import io.meridianmq.retained.store.RocksStore;
import io.meridianmq.retained.store.StoreCommitter;
import io.meridianmq.retained.store.StoreException;
import io.meridianmq.retained.store.StoreFormat;
import io.meridianmq.retained.store.StoreSettings;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The durable sessions of a node on disk.
 *
 * <p>For the thread that starts the node, until the loops have their {@link #journal}s; these use the rest.
 */
public final class SessionStore implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SessionStore.class);

    /** Reads at once; more wait. */
    private static final int READS_MAX = 64;

    private static final byte[] NO_END = {};

    /** What is new in version 2 is a family, which begins empty. */
    static final StoreFormat FORMAT = new StoreFormat(
            "sessions",
            2,
            1,
            Arrays.stream(Batch.Family.values()).map(SessionStore::name).toList());

    private final RocksStore store;
    private final StoreCommitter committer;
    private final Stamps stamps;
    private final Executor readers;
    private final InstantSource clock;
    private final Semaphore reading = new Semaphore(READS_MAX);
    private final Map<Batch.Family, ColumnFamilyHandle> families = new EnumMap<>(Batch.Family.class);
    private final LiveRecords live = new LiveRecords();
    private final RecentRecords recent = new RecentRecords();
    private final Had had;
    private final AtomicLong lastSession = new AtomicLong();
    private List<StoredSession> restored;

    /**
     * What a store works with.
     *
     * @param loops of the node
     * @param readers runs what blocks
     */
    public record Setup(StoreSettings store, int loops, Stamps stamps, Executor readers, InstantSource clock) {}

    private SessionStore(Setup setup, RocksStore store) throws IOException {
        this.store = store;
        this.stamps = setup.stamps();
        this.readers = setup.readers();
        this.clock = setup.clock();
        this.had = new Had(setup.loops());
        for (var family : Batch.Family.values()) {
            families.put(family, store.family(name(family)));
        }
        var garbage = new Batch();
        this.restored = List.copyOf(read(garbage));
        this.committer = StoreCommitter.start(store, setup.store());
        if (garbage.hasWork()) {
            commit(garbage, 0, isKept -> {
                if (!isKept) {
                    log.warn("what was left of ended sessions could not be removed; it is tried at the next start");
                }
            });
        }
    }

    /**
     * Opens the store in its folder, and reads what is in it.
     *
     * @throws io.meridianmq.retained.store.StoreRefusedException if what is in the folder is damaged, of a newer format,
     *     something else, or in use; the message says what to do, and nothing was changed
     * @throws StartRefusedException if what is stored cannot be understood; nothing was changed
     * @throws IOException if the folder cannot be read or written
     */
    public static SessionStore open(Setup setup) throws IOException {
        var store = RocksStore.open(setup.store(), FORMAT);
        try {
            return new SessionStore(setup, store);
        } catch (IOException e) {
            store.close();
            throw e;
        } catch (RuntimeException e) {
            store.close();
            throw new StartRefusedException(
                    "The sessions in " + setup.store().folder() + " cannot be read: " + e + ". Nothing was changed."
                            + " Restore the folder from a copy, or move it away to begin without sessions.",
                    e);
        }
    }

    private static String name(Batch.Family family) {
        return family.name().toLowerCase(Locale.ROOT);
    }

    /** The sessions that were in the store when it was opened. Once: they are forgotten here then. */
    public Collection<StoredSession> takeRestored() {
        var taken = restored;
        restored = List.of();
        return taken;
    }

    /** What the zone's owners of slots have to know of the sessions that were in the store; before these are taken. */
    public List<ClaimRecord> restoredClaims(Incarnation self) {
        var nowMillis = clock.millis();
        return restored.stream().map(session -> session.claim(self, nowMillis)).toList();
    }

    /** Where the sessions of a loop write. */
    public LoopJournal journal(Loop loop) {
        return new LoopJournal(loop, this);
    }

    /** Whether the disk has no room for anything new. Any thread. */
    public boolean isFull() {
        return committer.isFull();
    }

    /** Bytes of the live files. Any thread, but no loop: it reads the store. */
    public long sizeBytes() {
        return store.sizeBytes();
    }

    /** QoS 2 messages of other nodes that a restart would still know. Any thread. */
    public int recentMessages() {
        return recent.messages();
    }

    /** What the committer has done. Any thread. */
    public CommitterFigures figures() {
        return committer.figures();
    }

    @Override
    public void close() {
        try {
            committer.close();
        } finally {
            store.close();
        }
    }

    // ---- For journals

    long newSession() {
        return lastSession.incrementAndGet();
    }

    long nowMillis() {
        return clock.millis();
    }

    Had had() {
        return had;
    }

    /** @param onDone told, by any thread, whether all of it is kept or nothing */
    void commit(Batch batch, int loop, Consumer<Boolean> onDone) {
        var change = new Change(batch, loop, onDone);
        if (!committer.submit(change)) {
            onDone.accept(false);
        }
    }

    /** Reads messages; {@code sink} gets those that are there, in the order of the locators, on another thread. */
    void load(long[] locators, Consumer<List<KeptMessage>> sink) {
        readers.execute(() -> {
            reading.acquireUninterruptibly();
            try {
                sink.accept(load(locators));
            } finally {
                reading.release();
            }
        });
    }

    private List<KeptMessage> load(long[] locators) {
        var found = new ArrayList<KeptMessage>(locators.length);
        var topics = new TopicCache();
        for (var from = 0; from < locators.length; ) {
            var record = Locator.record(locators[from]);
            var to = from;
            var wanted = new HashSet<Integer>();
            while (to < locators.length && Locator.record(locators[to]) == record) {
                wanted.add(Locator.reader(locators[to++]));
            }
            try {
                store.get(family(Batch.Family.MESSAGE), Keys.of(record))
                        .ifPresentOrElse(
                                value -> MessageRecord.read(
                                        record, value, wanted::contains, topics, (_, message) -> found.add(message)),
                                () -> log.error(
                                        "{} message(s) of record {} are not in the store", wanted.size(), record));
            } catch (StoreException | ProtocolException | IndexOutOfBoundsException | IllegalStateException e) {
                log.error("{} message(s) of record {} cannot be read and are lost", wanted.size(), record, e);
            }
            from = to;
        }
        return found;
    }

    private ColumnFamilyHandle family(Batch.Family family) {
        return Objects.requireNonNull(families.get(family), "every family was looked up at the start");
    }

    // ---- At the start

    private Collection<StoredSession> read(Batch garbage) {
        var sessions = new HashMap<Long, StoredSession>();
        scan(Batch.Family.SESSION, (key, value) -> {
            var number = Keys.session(key);
            sessions.put(number, new StoredSession(number, Values.facts(value)));
            lastSession.accumulateAndGet(number, Math::max);
        });
        scan(Batch.Family.SUBSCRIPTION, (key, value) -> {
            var session = sessions.get(Keys.session(key));
            if (session != null) {
                session.found(Keys.filter(key), Values.subscription(value));
            }
        });
        scan(Batch.Family.PROGRESS, (key, value) -> {
            var session = sessions.get(Keys.session(key));
            if (session != null) {
                session.found(Values.progress(value));
            }
        });
        var intakes = new HashSet<PublicationId>();
        scan(Batch.Family.INTAKE, (key, value) -> {
            var session = sessions.get(Keys.session(key));
            if (session != null) {
                session.found(Keys.packetIdentifier(key), Values.publicationId(value));
                intakes.add(Values.publicationId(value));
            }
        });
        scan(Batch.Family.WILL, (key, value) -> {
            var session = sessions.get(Keys.session(key));
            if (session != null) {
                session.found(Values.connectionNumber(key), Values.will(value));
            } else {
                garbage.writes.add(new Batch.Write.Delete(Batch.Family.WILL, key));
            }
        });
        readMessages(sessions, garbage);
        readHad(intakes, garbage);
        readRecent();
        return sessions.values();
    }

    private void readMessages(Map<Long, StoredSession> sessions, Batch garbage) {
        scan(Batch.Family.MESSAGE, (key, value) -> {
            var record = Keys.session(key);
            var readers = new int[1];
            MessageRecord.readers(value, (index, number, position, isOfGroup, frameBytes) -> {
                // Numbers are not given again while messages are there for those who had them.
                lastSession.accumulateAndGet(number, Math::max);
                var session = sessions.get(number);
                var locator = Locator.of(record, index);
                if (session == null || !session.found(locator, position, frameBytes, isOfGroup)) {
                    garbage.done(locator);
                }
                readers[0]++;
            });
            MessageRecord.exactlyOnce(value, had::foundStored);
            live.found(record, readers[0]);
        });
    }

    private void readHad(Set<PublicationId> intakes, Batch garbage) {
        scan(Batch.Family.HAD, had::found);
        had.withoutIntake(intakes).forEach(key -> garbage.writes.add(new Batch.Write.Delete(Batch.Family.HAD, key)));
    }

    private void readRecent() {
        var nowNanos = System.nanoTime();
        scan(Batch.Family.RECENT, (key, value) -> {
            var record = Keys.session(key);
            live.passed(record);
            var messages = had.foundRecent(value, number -> lastSession.accumulateAndGet(number, Math::max));
            recent.add(record, messages, nowNanos);
        });
    }

    private void scan(Batch.Family family, BiConsumer<byte[], byte[]> sink) {
        store.scan(family(family), NO_END, iterator -> {
            var count = 0L;
            for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
                sink.accept(iterator.key(), iterator.value());
                count++;
            }
            return count;
        });
    }

    // ---- Commits

    /** A batch of a loop as the committer takes it. Belongs to the committer's thread. */
    private final class Change implements StoreCommitter.Change {
        private final Batch batch;
        private final int loop;
        private final Consumer<Boolean> onDone;
        private boolean isAdded;
        private int released;

        Change(Batch batch, int loop, Consumer<Boolean> onDone) {
            this.batch = batch;
            this.loop = loop;
            this.onDone = onDone;
        }

        @Override
        public long sizeBytes() {
            return batch.sizeBytes();
        }

        @Override
        public void apply(WriteBatch group) throws RocksDBException {
            var nowNanos = System.nanoTime();
            for (var write : batch.writes) {
                switch (write) {
                    case Batch.Write.Put put -> group.put(family(put.family()), put.key(), put.value());
                    case Batch.Write.Delete(var family, var key) -> group.delete(family(family), key);
                    case Batch.Write.DeleteAll(var family, var session) ->
                        group.deleteRange(family(family), Keys.of(session), Keys.of(session + 1));
                }
            }
            if (!batch.messages.isEmpty()) {
                var record = live.add(batch.readers());
                batch.keptAs(record);
                isAdded = true;
                group.put(family(Batch.Family.MESSAGE), Keys.of(record), MessageRecord.write(batch.messages, (int)
                        batch.sizeBytes()));
                putHad(group, record, nowNanos);
            }
            for (; released < batch.doneCount(); released++) {
                var locator = batch.done(released);
                if (live.release(locator, nowNanos)) {
                    group.delete(family(Batch.Family.MESSAGE), Keys.of(Locator.record(locator)));
                }
            }
            for (var old = recent.pollOld(nowNanos); old.isPresent(); old = recent.pollOld(nowNanos)) {
                group.delete(family(Batch.Family.RECENT), Keys.of(old.getAsLong()));
            }
            var sparse = live.pollSparse(nowNanos);
            if (sparse.isPresent()) {
                rewrite(sparse.getAsLong(), group);
            }
        }

        /** Who is to have which of the messages that may come again after a restart. */
        private void putHad(WriteBatch group, long record, long nowNanos) throws RocksDBException {
            var fromOthers = 0;
            var about = Unpooled.buffer(0);
            for (var entry : batch.messages) {
                var id = entry.publication().id();
                if (stamps.isKept(id)) {
                    group.put(family(Batch.Family.HAD), Had.key(id, loop), Had.value(entry.readers()));
                } else if (entry.publication().qos() == Qos.EXACTLY_ONCE && !stamps.isOwn(id)) {
                    Had.writeRecent(about, id, entry.sessions());
                    fromOthers++;
                }
            }
            if (fromOthers > 0) {
                group.put(family(Batch.Family.RECENT), Keys.of(record), Values.bytes(about));
                recent.add(record, fromOthers, nowNanos);
            }
        }

        /** Leaves out of a record what nobody wants any more; what is left stays where it was. */
        private void rewrite(long record, WriteBatch group) throws RocksDBException {
            var value = store.get(family(Batch.Family.MESSAGE), Keys.of(record));
            if (value.isPresent()) {
                var less = MessageRecord.without(value.get(), reader -> live.isDone(record, reader));
                group.put(family(Batch.Family.MESSAGE), Keys.of(record), less);
                live.rewritten(record);
            }
        }

        @Override
        public void committed() {
            onDone.accept(true);
        }

        @Override
        public void failed(Throwable cause) {
            if (isAdded) {
                live.forget(batch.record());
                recent.forget(batch.record());
            }
            for (var i = 0; i < released; i++) {
                live.retain(batch.done(i));
            }
            onDone.accept(false);
        }
    }
}
