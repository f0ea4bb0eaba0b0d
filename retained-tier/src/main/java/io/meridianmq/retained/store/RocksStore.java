package io.meridianmq.retained.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * An open RocksDB. Any thread reads; only a {@link StoreCommitter} writes.
 *
 * <p>Closing waits for reads that are under way; later ones throw {@link StoreException}. Reads block on the disk and do
 * not belong on an event loop.
 */
public final class RocksStore implements AutoCloseable {

    private static final int BLOOM_BITS_PER_KEY = 10;
    private static final long LOG_FILE_BYTES = 1 << 20;

    private final RocksDB rocks;
    private final Map<String, ColumnFamilyHandle> families;
    /** Native objects that have to outlive the database, in the order in which to close them. */
    private final List<AutoCloseable> natives;
    /** Held for reading while native code runs, since a call into a closed database ends the whole process. */
    private final ReentrantReadWriteLock openLock = new ReentrantReadWriteLock();

    private boolean closed;

    private RocksStore(RocksDB rocks, Map<String, ColumnFamilyHandle> families, List<AutoCloseable> natives) {
        this.rocks = rocks;
        this.families = Map.copyOf(families);
        this.natives = List.copyOf(natives);
    }

    /** Brings a store of an older version up to date; may be ended by a crash and begun again. */
    public interface Upgrade {

        /**
         * Reads the store, and writes what is new in this version. Column families of later versions are there, and empty
         * unless an earlier attempt has written to them.
         */
        void run(RocksStore store, Writer writer) throws RocksDBException;
    }

    /** Writes batches during an upgrade. */
    public interface Writer {
        void write(WriteBatch batch) throws RocksDBException;
    }

    /**
     * Opens the store in its folder; an empty or absent folder gets an empty store, and one of an older
     * version the families that it lacks.
     *
     * @throws StoreRefusedException if the store is damaged, of another kind or format, or in use by another process
     * @throws IOException if the folder cannot be read or written
     */
    public static RocksStore open(StoreSettings settings, StoreFormat format) throws IOException {
        return open(settings, format, (_, _) -> {});
    }

    /**
     * Opens the store in its folder; an empty or absent folder gets an empty store, and one of an older version is brought
     * up to date.
     *
     * @throws StoreRefusedException if the store is damaged, of another kind or format, or in use by another process
     * @throws IOException if the folder cannot be read or written
     */
    public static RocksStore open(StoreSettings settings, StoreFormat format, Upgrade upgrade) throws IOException {
        RocksDB.loadLibrary();
        var folder = new StoreFolder(settings.folder(), format);
        var data = folder.prepare(fresh -> {
            Files.createDirectories(fresh);
            openData(settings, format, folder, fresh, true, true).close();
        });
        var store = openData(settings, format, folder, data, false, folder.isOlder());
        if (folder.isOlder()) {
            upgrade(store, folder, upgrade);
        }
        return store;
    }

    private static void upgrade(RocksStore store, StoreFolder folder, Upgrade upgrade) throws IOException {
        try (var options = new WriteOptions().setSync(true)) {
            upgrade.run(store, batch -> store.write(options, batch));
            folder.upgraded();
        } catch (RocksDBException e) {
            store.close();
            throw new IOException("bringing the store up to date failed; it is tried again at the next start", e);
        }
    }

    @SuppressWarnings("MustBeClosedChecker") // The natives are closed with the store, or below if it does not open.
    private static RocksStore openData(
            StoreSettings settings,
            StoreFormat format,
            StoreFolder folder,
            Path data,
            boolean create,
            boolean addFamilies)
            throws StoreRefusedException {
        var cache = new LRUCache(settings.blockCacheBytes());
        var familyOptions = familyOptions(settings, cache);
        var options = databaseOptions(settings, create, addFamilies);
        var handles = new ArrayList<ColumnFamilyHandle>();
        var descriptors = new ArrayList<ColumnFamilyDescriptor>();
        descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, familyOptions));
        for (var family : format.families()) {
            descriptors.add(new ColumnFamilyDescriptor(family.getBytes(StandardCharsets.UTF_8), familyOptions));
        }
        try {
            var rocks = RocksDB.open(options, data.toString(), descriptors, handles);
            var byName = new HashMap<String, ColumnFamilyHandle>();
            for (var i = 0; i < format.families().size(); i++) {
                byName.put(format.families().get(i), handles.get(i + 1));
            }
            var natives = new ArrayList<AutoCloseable>(handles);
            natives.add(rocks);
            natives.add(options);
            natives.add(familyOptions);
            natives.add(cache);
            return new RocksStore(rocks, byName, natives);
        } catch (RocksDBException e) {
            options.close();
            familyOptions.close();
            cache.close();
            throw refused(settings, folder, e);
        }
    }

    private static StoreRefusedException refused(StoreSettings settings, StoreFolder folder, RocksDBException e) {
        var status = e.getStatus();
        var locked = status != null
                && status.getCode() == Status.Code.IOError
                && String.valueOf(e.getMessage()).contains("lock");
        if (locked) {
            return new StoreRefusedException(
                    "The store in " + settings.folder() + " is in use by another process. Stop that, or give this node"
                            + " a folder of its own.",
                    e);
        }
        return folder.damaged(String.valueOf(e.getMessage()), e);
    }

    private static DBOptions databaseOptions(StoreSettings settings, boolean create, boolean addFamilies) {
        return new DBOptions()
                .setCreateIfMissing(create)
                .setCreateMissingColumnFamilies(addFamilies)
                .setParanoidChecks(true)
                // A record cut off at the end was never reported; damage anywhere else has to be seen. What cannot be
                // told apart is a damaged length that reaches past the end of the log: it counts as cut off.
                .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
                .setMaxOpenFiles(settings.openFilesMax())
                .setMaxTotalWalSize(4 * settings.writeBufferBytes())
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(LOG_FILE_BYTES)
                .setKeepLogFileNum(2)
                .setStatsDumpPeriodSec(0);
    }

    private static ColumnFamilyOptions familyOptions(StoreSettings settings, Cache cache) {
        return new ColumnFamilyOptions()
                .setWriteBufferSize(settings.writeBufferBytes())
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(cache)
                        .setCacheIndexAndFilterBlocks(true)
                        .setFilterPolicy(new BloomFilter(BLOOM_BITS_PER_KEY)));
    }

    /** The column family with this name, which is one of the format's. */
    public ColumnFamilyHandle family(String name) {
        return Objects.requireNonNull(families.get(name), "the store's format names its families");
    }

    /**
     * The value of a key.
     *
     * @throws StoreException if the read fails or the store is closed
     */
    public Optional<byte[]> get(ColumnFamilyHandle family, byte[] key) {
        return reading(() -> Optional.ofNullable(rocks.get(family, key)));
    }

    /**
     * Walks over keys in order, as they were at the start of the walk.
     *
     * @param end first key not to visit; empty for none
     * @param walk positions the iterator itself; may not keep it
     * @throws StoreException if a read fails or the store is closed
     */
    public <T> T scan(ColumnFamilyHandle family, byte[] end, Function<RocksIterator, T> walk) {
        return reading(() -> {
            try (var options = new ReadOptions();
                    var bound = new Slice(end)) {
                if (end.length > 0) {
                    options.setIterateUpperBound(bound);
                }
                try (var iterator = rocks.newIterator(family, options)) {
                    var result = walk.apply(iterator);
                    iterator.status();
                    return result;
                }
            }
        });
    }

    /** Bytes of the live table files and the write buffers. */
    public long sizeBytes() {
        return total("rocksdb.live-sst-files-size") + total("rocksdb.cur-size-all-mem-tables");
    }

    /** About how many keys a family has. */
    public long keysEstimate(ColumnFamilyHandle family) {
        return reading(() -> rocks.getLongProperty(family, "rocksdb.estimate-num-keys"));
    }

    private long total(String property) {
        return reading(() -> {
            var sum = 0L;
            for (var family : families.values()) {
                sum += rocks.getLongProperty(family, property);
            }
            return sum;
        });
    }

    /** Called by the committer's thread only. */
    void write(WriteOptions options, WriteBatch batch) throws RocksDBException {
        rocks.write(options, batch);
    }

    /** Forces the log to disk; may be called while another thread writes. */
    void syncWal() throws RocksDBException {
        rocks.syncWal();
    }

    /** Closes the database; the committer has to be closed before. */
    @Override
    public void close() {
        openLock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                for (var resource : natives) {
                    closeNative(resource);
                }
            }
        } finally {
            openLock.writeLock().unlock();
        }
    }

    private static void closeNative(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            throw new StoreException("closing " + resource.getClass().getSimpleName() + " failed", e);
        }
    }

    private interface Read<T> {
        T run() throws RocksDBException;
    }

    private <T> T reading(Read<T> read) {
        openLock.readLock().lock();
        try {
            if (closed) {
                throw new StoreException("the store is closed");
            }
            return read.run();
        } catch (RocksDBException e) {
            throw new StoreException("reading the store failed: " + e.getMessage(), e);
        } finally {
            openLock.readLock().unlock();
        }
    }
}
