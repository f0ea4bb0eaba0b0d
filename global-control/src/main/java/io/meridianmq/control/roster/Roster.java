package io.meridianmq.control.roster;

import io.meridianmq.core.mesh.KnownComponent;
import io.meridianmq.core.place.Place;
import java.time.Duration;
import java.time.InstantSource;
import java.util.SortedMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks once a second who is part of the platform, and remembers those who were.
 *
 * <p>Owns a thread, {@code roster}. Any thread may call.
 */
public final class Roster implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Roster.class);

    private final Supplier<SortedMap<Place, KnownComponent>> components;
    private final InstantSource clock;
    private final Memory memory = new Memory();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("roster").daemon().factory());
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition looked = lock.newCondition();
    private volatile Sightings latest = Sightings.NONE;

    private Roster(Supplier<SortedMap<Place, KnownComponent>> components, InstantSource clock) {
        this.components = components;
        this.clock = clock;
    }

    /**
     * Looks at once, and from then on.
     *
     * @param components everybody who is there; called on the roster's thread
     * @param every how often to look
     */
    public static Roster start(
            Supplier<SortedMap<Place, KnownComponent>> components, InstantSource clock, Duration every) {
        var roster = new Roster(components, clock);
        roster.look();
        var _ = roster.thread.scheduleAtFixedRate(
                roster::lookAgain, every.toNanos(), every.toNanos(), TimeUnit.NANOSECONDS);
        return roster;
    }

    /** Everybody, as of the last look. */
    public Sightings latest() {
        return latest;
    }

    /**
     * Waits for a look that comes after these sightings.
     *
     * @return what was seen, or the same sightings when the time is over
     */
    public Sightings after(Sightings seen, Duration timeMax) throws InterruptedException {
        var leftNanos = timeMax.toNanos();
        lock.lockInterruptibly();
        try {
            while (latest.number() <= seen.number() && leftNanos > 0) {
                leftNanos = looked.awaitNanos(leftNanos);
            }
            return latest;
        } finally {
            lock.unlock();
        }
    }

    /** Looks no more; who waits is not told. */
    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** What is thrown here would end the looking in silence. */
    private void lookAgain() {
        try {
            look();
        } catch (RuntimeException e) {
            log.error(
                    "cannot see who is part of the platform, and will try again: the console and discovery stand still",
                    e);
        }
    }

    private void look() {
        var seen = memory.look(components.get(), System.nanoTime(), clock.millis());
        lock.lock();
        try {
            latest = seen;
            looked.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
