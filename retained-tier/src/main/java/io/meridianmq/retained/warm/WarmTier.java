package io.meridianmq.retained.warm;

import io.meridianmq.core.clock.HybridClock;
import io.meridianmq.core.retained.RetainedVersion;
import io.meridianmq.retained.RetainedEntry;
import io.meridianmq.retained.RetainedMessage;
import io.meridianmq.retained.RetainedPage;
import io.meridianmq.retained.RetainedTombstone;
import io.meridianmq.retained.RetainedVersions;
import io.meridianmq.retained.store.RocksStore;
import io.meridianmq.retained.store.StoreCommitter;
import io.meridianmq.retained.store.StoreFormat;
import io.meridianmq.topic.TopicFilter;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksIterator;

/**
 * Retained messages on this node's disk, ordered by topic.
 *
 * <p>Any thread may call. Puts return at once; their outcome comes from the thread {@code store-committer}, in the order
 * of the puts, and from then on every read shows it. Reads block on the disk: virtual threads do them, not event loops.
 */
public final class WarmTier implements AutoCloseable {

    static final String MESSAGES = "message";
    static final String DUE = "due";
    static final String SLOTS = "slot";
    private static final StoreFormat FORMAT = new StoreFormat("retained", 2, 1, List.of(MESSAGES, DUE, SLOTS));

    private final WarmSettings settings;
    private final InstantSource clock;
    private final RocksStore store;
    private final ColumnFamilyHandle messages;
    private final WarmWrites writes;
    private final WarmCounters counters = new WarmCounters();
    private final StoreCommitter committer;
    private final Sweeper sweeper;

    private record Page<E>(List<E> found, Optional<String> next) {}

    private WarmTier(WarmSettings settings, InstantSource clock, RocksStore store) throws IOException {
        this.settings = settings;
        this.clock = clock;
        this.store = store;
        this.messages = store.family(MESSAGES);
        this.writes = new WarmWrites(store, settings);
        this.committer = StoreCommitter.start(store, settings.store());
        this.sweeper = Sweeper.start(settings.sweepEvery(), this::sweepRound);
    }

    /**
     * Opens the tier in its folder; an empty or absent folder gets an empty one.
     *
     * @param clock wall clock, for expiry and for the age of tombstones
     * @throws io.meridianmq.retained.store.StoreRefusedException if what is in the folder is damaged, of a newer format,
     *     something else, or in use; the message says what to do, and nothing was changed
     * @throws IOException if the folder cannot be read or written
     */
    public static WarmTier open(WarmSettings settings, InstantSource clock) throws IOException {
        var store = RocksStore.open(settings.store(), FORMAT, SlotKey::index);
        try {
            return new WarmTier(settings, clock, store);
        } catch (IOException e) {
            store.close();
            throw e;
        }
    }

    /**
     * Makes a message its topic's value unless the topic has had a newer one.
     *
     * <p>A stamp more than {@link HybridClock#AHEAD_MILLIS_MAX} ahead is stored as if it were that far ahead, so that one
     * broken clock cannot lock a topic.
     *
     * @param message not empty: a PUBLISH without payload is a {@link #clear} [MQTT-3.3.1-6]
     * @param listener told the outcome, once, by the committer's thread; does not block
     * @return false if too much is waiting; nothing has happened then, and the listener is not called
     */
    public boolean put(RetainedMessage message, Consumer<PutOutcome> listener) {
        var bounded = new RetainedMessage(
                message.topic(),
                boundedStamp(message.timestamp()),
                message.publisherHash(),
                message.id(),
                message.qos(),
                message.expiresAtMillis(),
                message.bytes());
        return submit(bounded.topic(), bounded.version(), WarmRecord.of(bounded), listener);
    }

    /**
     * Leaves the topic without a value unless it has had a newer one. [MQTT-3.3.1-6]
     *
     * @param version of the PUBLISH without payload
     * @param listener as in {@link #put}
     * @return as in {@link #put}
     */
    public boolean clear(String topic, RetainedVersion version, Consumer<PutOutcome> listener) {
        var bounded = new RetainedVersion(boundedStamp(version.timestamp()), version.id());
        return submit(topic, bounded, WarmRecord.tombstone(bounded), listener);
    }

    private long boundedStamp(long timestamp) {
        return Math.min(timestamp, HybridClock.ofMillis(clock.millis() + HybridClock.AHEAD_MILLIS_MAX));
    }

    private boolean submit(String topic, RetainedVersion version, byte[] value, Consumer<PutOutcome> listener) {
        return committer.submit(new PutChange(writes, counters, TopicKey.of(topic), version, value, listener));
    }

    /**
     * The topic's value, if it has one that has not expired.
     *
     * @throws io.meridianmq.retained.store.StoreException if the disk fails or the tier is closed
     */
    public Optional<RetainedMessage> get(String topic) {
        return store.get(messages, TopicKey.of(topic)).flatMap(value -> live(topic, value));
    }

    private Optional<RetainedMessage> live(String topic, byte[] value) {
        return WarmRecord.isMessage(value) && clock.millis() < WarmRecord.expiresAtMillis(value)
                ? Optional.of(WarmRecord.message(topic, value))
                : Optional.empty();
    }

    /**
     * One page of the values whose topics match a filter, in topic order.
     *
     * <p>The page ends when it has {@code limit} messages, or the bytes or examined entries that the settings allow. Each
     * page is one moment's view; a topic set or cleared between two pages shows in the later one or not at all.
     *
     * @param filter without wildcard it is a look-up of one topic; of a shared filter the part behind the share name
     *     counts, although MQTT sends such subscribers nothing
     * @param after the {@link RetainedPage#next} of the page before, empty for the first page
     * @param limit at least 1
     * @throws io.meridianmq.retained.store.StoreException if the disk fails or the tier is closed
     */
    public RetainedPage scan(TopicFilter filter, Optional<String> after, int limit) {
        var page = page(filter, after, limit, this::live);
        return new RetainedPage(page.found(), page.next());
    }

    /**
     * One page of what is known of the topics that match a filter, tombstones and expired messages included: for whoever
     * compares with other places, where an older message may still be.
     *
     * @param filter as in {@link #scan}
     * @param after the {@link RetainedVersions#next} of the page before, empty for the first page
     * @param limit most entries of a page, at least 1; otherwise a page ends as in {@link #scan}
     * @throws io.meridianmq.retained.store.StoreException if the disk fails or the tier is closed
     */
    public RetainedVersions scanVersions(TopicFilter filter, Optional<String> after, int limit) {
        var page = page(filter, after, limit, this::entry);
        return new RetainedVersions(page.found(), page.next());
    }

    private Optional<RetainedEntry> entry(String topic, byte[] value) {
        return live(topic, value)
                .<RetainedEntry>map(Function.identity())
                .or(() -> Optional.of(new RetainedTombstone(topic, WarmRecord.version(value))));
    }

    private <E extends RetainedEntry> Page<E> page(
            TopicFilter filter, Optional<String> after, int limit, BiFunction<String, byte[], Optional<E>> reading) {
        if (limit < 1) {
            throw new IllegalArgumentException("a page holds at least one message, not " + limit);
        }
        if (filter.shape() == TopicFilter.Shape.LITERAL) {
            var topic = filter.filter();
            var found = after.isPresent()
                    ? Optional.<E>empty()
                    : store.get(messages, TopicKey.of(topic)).flatMap(value -> reading.apply(topic, value));
            return new Page<>(found.stream().toList(), Optional.empty());
        }
        var range = new FilterRange(filter);
        return store.scan(messages, range.end(), keys -> page(range, keys, firstKey(range, after), limit, reading));
    }

    private <E extends RetainedEntry> Page<E> page(
            FilterRange range,
            RocksIterator keys,
            byte[] firstKey,
            int limit,
            BiFunction<String, byte[], Optional<E>> reading) {
        var found = new ArrayList<E>();
        var bytes = 0L;
        var examined = 0;
        keys.seek(firstKey);
        while (keys.isValid()) {
            var key = keys.key();
            var step = range.check(key);
            if (step == FilterRange.Step.MATCH) {
                var entry = reading.apply(TopicKey.topic(key), keys.value());
                if (entry.isPresent()) {
                    found.add(entry.get());
                    bytes += sizeBytes(entry.get());
                }
            }
            examined++;
            if (found.size() == limit || bytes >= settings.pageBytes() || examined == settings.pageEntries()) {
                return new Page<>(found, Optional.of(TopicKey.topic(key)));
            }
            switch (step) {
                case MATCH, NEXT -> keys.next();
                case SEEK -> keys.seek(range.target());
            }
        }
        return new Page<>(found, Optional.empty());
    }

    private static int sizeBytes(RetainedEntry entry) {
        return switch (entry) {
            case RetainedMessage message -> message.bytes().sizeBytes();
            case RetainedTombstone _ -> 0;
        };
    }

    private static byte[] firstKey(FilterRange range, Optional<String> after) {
        if (after.isEmpty()) {
            return range.start();
        }
        var resume = TopicKey.successor(TopicKey.of(after.get()));
        return Arrays.compareUnsigned(resume, range.start()) > 0 ? resume : range.start();
    }

    /**
     * One page of what is known of the topics of a slot, as in {@link #scanVersions}.
     *
     * @param slot 0..4095
     * @param after the {@link RetainedVersions#next} of the page before, empty for the first page
     * @throws io.meridianmq.retained.store.StoreException if the disk fails or the tier is closed
     */
    public RetainedVersions scanSlot(int slot, Optional<String> after) {
        var keys = slotKeys(slot, after);
        var found = new ArrayList<RetainedEntry>();
        var bytes = 0L;
        for (var key : keys) {
            var entry = store.get(messages, key).flatMap(value -> entry(TopicKey.topic(key), value));
            if (entry.isPresent()) {
                found.add(entry.get());
                bytes += sizeBytes(entry.get());
            }
            if (bytes >= settings.pageBytes()) {
                return new RetainedVersions(found, Optional.of(TopicKey.topic(key)));
            }
        }
        return new RetainedVersions(
                found,
                keys.size() == settings.pageEntries() ? Optional.of(TopicKey.topic(keys.getLast())) : Optional.empty());
    }

    private List<byte[]> slotKeys(int slot, Optional<String> after) {
        var first = after.map(topic -> TopicKey.successor(TopicKey.of(topic))).orElse(new byte[0]);
        return store.scan(store.family(SLOTS), SlotKey.after(slot), entries -> {
            var keys = new ArrayList<byte[]>();
            for (entries.seek(SlotKey.of(slot, first));
                    entries.isValid() && keys.size() < settings.pageEntries();
                    entries.next()) {
                keys.add(SlotKey.topicKey(entries.key()));
            }
            return keys;
        });
    }

    /**
     * Forgets what is known of a topic, if it is this version or an older one; nobody is told. Only for what others have by
     * now.
     *
     * @return as in {@link #put}
     */
    public boolean forget(String topic, RetainedVersion version) {
        return committer.submit(new Forgetting(writes, TopicKey.of(topic), version));
    }

    /**
     * Waits until everything that was submitted before is committed, or has failed.
     *
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public void awaitSubmitted() throws InterruptedException {
        var barrier = new Barrier();
        if (!committer.isIdle() && committer.submit(barrier)) {
            barrier.await();
        }
    }

    /** Live figures. */
    public WarmFigures figures() {
        return new WarmFigures(
                store.keysEstimate(messages),
                store.sizeBytes(),
                counters.isFull(),
                counters.stored.sum(),
                counters.superseded.sum(),
                counters.refusedFull.sum(),
                counters.expired.sum(),
                counters.tombstonesDropped.sum(),
                committer.figures());
    }

    /** Commits what is waiting and closes the store. Later puts are refused, later reads throw. */
    @Override
    public void close() {
        sweeper.close();
        committer.close();
        store.close();
    }

    /** One bounded sweep; returns whether there may be more to do at once. */
    boolean sweepRound() throws ExecutionException, InterruptedException {
        counters.full(store.sizeBytes() > settings.diskBytesMax());
        var sweep = new Sweep(store, writes, counters, clock.millis(), settings.sweepEntries());
        return committer.submit(sweep) && sweep.examined().get() == settings.sweepEntries();
    }
}
