package io.meridianmq.retained.store;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of a {@link RocksStore}: gathers the changes that arrive while the last group is being written, and
 * commits them as one.
 *
 * <p>Any thread submits. The thread {@code store-committer} applies, commits and reports, in the order of submission.
 * The queue is bounded in changes and bytes; when it is full a change is refused, counted, and the submitter decides.
 */
public final class StoreCommitter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StoreCommitter.class);
    private static final int GROUP_CHANGES_MAX = 512;
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(30);

    /** Something to write. Every method is called by the committer's thread, so state reached only from here needs no lock. */
    public interface Change {

        /** Bytes it keeps while it waits, for the bound of the queue. */
        long sizeBytes();

        /**
         * Adds its writes to the group. May read the store, which shows what is committed; earlier changes of the group
         * are not. An exception takes back what it added and fails this change alone.
         */
        void apply(WriteBatch group) throws RocksDBException;

        /** Whether it is only for a disk that has room; else it is tried on a full one as well. */
        default boolean needsRoom() {
            return false;
        }

        /** The group is committed, and on disk if durability says always. Does not block. */
        void committed();

        /** Nothing of this change is in the store. Does not block. */
        void failed(Throwable cause);
    }

    private final RocksStore store;
    private final StoreSettings settings;
    private final SpaceCheck space;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<Change> queue = new ArrayDeque<>();
    private final Thread thread = new Thread(this::run, "store-committer");
    private long queuedBytes;
    private boolean closed;
    /** Whether changes have left the queue that are not over. */
    private boolean isCommitting;

    private volatile long refused;
    private volatile long groups;
    private volatile long failures;

    /** With durability.sync: interval. */
    private final Optional<LogSync> sync;

    private StoreCommitter(RocksStore store, StoreSettings settings, SpaceCheck space) {
        this.store = store;
        this.settings = settings;
        this.space = space;
        this.sync = settings.durability().sync() == Durability.Sync.INTERVAL
                ? Optional.of(new LogSync(store, settings.durability().interval()))
                : Optional.empty();
    }

    /**
     * Starts the committer of {@code store}; there is only one.
     *
     * @throws IOException if nothing can be told about the disk
     */
    public static StoreCommitter start(RocksStore store, StoreSettings settings) throws IOException {
        var space = new SpaceCheck(settings.folder(), settings.reserveBytes(), System.nanoTime());
        var committer = new StoreCommitter(store, settings, space);
        committer.sync.ifPresent(LogSync::start);
        committer.thread.start();
        return committer;
    }

    /** Hands over a change; false if the queue is full or closed, and then nothing is called. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // Written under the lock; volatile is for those who read the figure.
    public boolean submit(Change change) {
        lock.lock();
        try {
            var full = queue.size() >= settings.queueChanges()
                    || (!queue.isEmpty() && queuedBytes + change.sizeBytes() > settings.queueBytes());
            if (closed || full) {
                refused++;
                return false;
            }
            queue.add(change);
            queuedBytes += change.sizeBytes();
            arrived.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the disk has less room than its reserve. Any thread. */
    public boolean isFull() {
        return space.isFull();
    }

    /** Whether a change failed since there was no room for it, as {@link Change#failed} was told. */
    public static boolean isForLackOfRoom(Throwable cause) {
        return cause instanceof StoreFullException
                || (cause instanceof RocksDBException refused
                        && refused.getStatus() != null
                        && refused.getStatus().getSubCode() == Status.SubCode.NoSpace);
    }

    /** Whether every change that was submitted is over. */
    public boolean isIdle() {
        lock.lock();
        try {
            return queue.isEmpty() && !isCommitting;
        } finally {
            lock.unlock();
        }
    }

    /** Live figures; counts are since the start. */
    public CommitterFigures figures() {
        lock.lock();
        try {
            return new CommitterFigures(
                    queue.size(),
                    queuedBytes,
                    refused,
                    groups,
                    sync.map(LogSync::syncs).orElse(0L),
                    failures + sync.map(LogSync::failures).orElse(0L),
                    space.isFull());
        } finally {
            lock.unlock();
        }
    }

    /** Commits what is waiting, syncs it, and ends the thread. Later changes are refused. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            arrived.signal();
        } finally {
            lock.unlock();
        }
        try {
            if (!thread.join(CLOSE_WAIT)) {
                throw new StoreException(
                        "the store's last commit has not ended within " + CLOSE_WAIT + ": the disk does not answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted while the store's last commit was under way", e);
        } finally {
            sync.ifPresent(LogSync::close);
        }
    }

    private void run() {
        var group = new ArrayList<Change>();
        try (var batch = new WriteBatch();
                var options = new WriteOptions().setSync(settings.durability().sync() == Durability.Sync.ALWAYS)) {
            while (take(group)) {
                commit(group, batch, options);
                group.clear();
                batch.clear();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the committer's thread; close() ends it", e);
        } finally {
            failAllWaiting(); // None are left unless this thread is ended by an error; then nobody may wait for ever.
        }
    }

    private void failAllWaiting() {
        lock.lock();
        try {
            closed = true;
            var cause = new StoreException("the committer has ended");
            queue.forEach(change -> fail(change, cause));
            queue.clear();
            queuedBytes = 0;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for changes; false once closed and empty. */
    private boolean take(List<Change> group) throws InterruptedException {
        lock.lock();
        try {
            isCommitting = false;
            while (queue.isEmpty() && !closed) {
                if (space.isFull()) {
                    arrived.awaitNanos(SpaceCheck.LOOK_EVERY_NANOS);
                    space.look(System.nanoTime());
                } else {
                    arrived.await();
                }
            }
            while (!queue.isEmpty() && group.size() < GROUP_CHANGES_MAX) {
                var change = queue.remove();
                queuedBytes -= change.sizeBytes();
                group.add(change);
            }
            isCommitting = !group.isEmpty();
            return !group.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // Written by this thread only.
    private void commit(List<Change> group, WriteBatch batch, WriteOptions options) {
        space.look(System.nanoTime());
        var applied = new ArrayList<Change>(group.size());
        for (var change : group) {
            if (apply(change, batch)) {
                applied.add(change);
            }
        }
        try {
            if (batch.count() > 0) {
                sync.ifPresent(LogSync::awaitTurn);
                store.write(options, batch);
                groups++;
                sync.ifPresent(LogSync::committed);
            }
        } catch (RocksDBException e) {
            LOG.error("A group of {} changes could not be committed and is reported as failed", applied.size(), e);
            applied.forEach(change -> fail(change, e));
            return;
        }
        applied.forEach(this::report);
    }

    private boolean apply(Change change, WriteBatch batch) {
        if (space.isFull() && change.needsRoom()) {
            fail(change, new StoreFullException(settings.folder(), settings.reserveBytes()));
            return false;
        }
        batch.setSavePoint();
        try {
            change.apply(batch);
            batch.popSavePoint();
            return true;
        } catch (RocksDBException | RuntimeException e) {
            LOG.error("A change could not be applied and is reported as failed; the others of its group go on", e);
            takeBack(batch);
            fail(change, e);
            return false;
        }
    }

    private static void takeBack(WriteBatch batch) {
        try {
            batch.rollbackToSavePoint();
        } catch (RocksDBException e) {
            throw new IllegalStateException("a save point that was set is there", e);
        }
    }

    private void report(Change change) {
        try {
            change.committed();
        } catch (RuntimeException e) {
            LOG.error("Whoever waited for a commit failed to take the news; the commit stands", e);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // Written by this thread only.
    private void fail(Change change, Throwable cause) {
        failures++;
        try {
            change.failed(cause);
        } catch (RuntimeException e) {
            LOG.error("Whoever waited for a commit failed to take the news that it failed", e);
        }
    }
}
