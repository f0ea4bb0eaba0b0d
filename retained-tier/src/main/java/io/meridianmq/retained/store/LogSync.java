package io.meridianmq.retained.store;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forces a store's log to disk some time after a commit, while other commits go on.
 *
 * <p>A sync begins half the interval after the first commit that is not on disk. It takes its time; once that commit is as old
 * as the interval the next has to wait for it. So no more than the commits of one interval can be lost with the power, however
 * slow the disk is.
 *
 * <p>The committer's thread tells of commits; the thread {@code store-sync} syncs.
 */
final class LogSync implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LogSync.class);
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(30);

    private final RocksStore store;
    private final long intervalNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread = new Thread(this::run, "store-sync");

    /** Whether there are commits that no sync has begun for, and since when. */
    private boolean isWanted;

    private long wantedSinceNanos;

    /** Whether a sync is under way, and how long its first commit has been there. */
    private boolean isSyncing;

    private long syncingSinceNanos;
    private boolean isClosed;
    private volatile long syncs;
    private volatile long failures;

    /** @param interval longest time between a commit and its reaching the disk */
    LogSync(RocksStore store, Duration interval) {
        this.store = store;
        this.intervalNanos = interval.toNanos();
    }

    void start() {
        thread.start();
    }

    /** Times the log was forced to disk. Any thread. */
    long syncs() {
        return syncs;
    }

    /** Times it could not be. Any thread. */
    long failures() {
        return failures;
    }

    /** Waits while a commit is not on disk that is as old as the interval; before a commit. */
    void awaitTurn() {
        lock.lock();
        try {
            while (isSyncing && System.nanoTime() - syncingSinceNanos >= intervalNanos) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** There is one more commit, which was not reported yet. */
    void committed() {
        lock.lock();
        try {
            if (!isWanted) {
                isWanted = true;
                wantedSinceNanos = System.nanoTime();
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (begin()) {
                sync();
                end();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the thread that syncs; close() ends it", e);
        }
    }

    /** Waits until a sync is due; false once closed and all is on disk. */
    private boolean begin() throws InterruptedException {
        lock.lock();
        try {
            while (!isClosed && (!isWanted || nanosUntilDue() > 0)) {
                if (isWanted) {
                    changed.awaitNanos(nanosUntilDue());
                } else {
                    changed.await();
                }
            }
            isSyncing = isWanted;
            syncingSinceNanos = wantedSinceNanos;
            isWanted = false;
            return isSyncing;
        } finally {
            lock.unlock();
        }
    }

    private long nanosUntilDue() {
        return intervalNanos / 2 - (System.nanoTime() - wantedSinceNanos);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // Written by this thread only.
    private void sync() {
        try {
            store.syncWal();
            syncs++;
        } catch (RocksDBException e) {
            failures++;
            if (!isClosed()) {
                committed(); // So it is tried again.
            }
            LOG.error(
                    "The store's log could not be forced to disk; commits already reported may be lost with the"
                            + " power; tried again",
                    e);
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return isClosed;
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            isSyncing = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Syncs what is not on disk, and ends the thread; the committer is done.
     *
     * @throws StoreException if the disk does not answer for {@code CLOSE_WAIT}
     */
    @Override
    public void close() {
        lock.lock();
        try {
            isClosed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            if (!thread.join(CLOSE_WAIT)) {
                throw new StoreException(
                        "the store's log is not on disk within " + CLOSE_WAIT + ": the disk does not answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted while the store's log was forced to disk", e);
        }
    }
}
