package io.meridianmq.fabric.settings;

import io.meridianmq.fabric.config.HostPort;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows what is in force in the global etcd, for as long as it runs, whether etcd is there or not.
 *
 * <p>One thread looks, when etcd says that something has changed, and every 5 s in case it does not say so; what has not
 * changed is not sent again. While etcd is away it tries again every 500 ms.
 */
public final class SettingsFollower implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SettingsFollower.class);

    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
    private static final Duration RETRY_EVERY = Duration.ofMillis(500);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(3);

    private final List<HostPort> endpoints;
    private final String prefix;
    private final Consumer<SettingsVersion> onVersion;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore changes = new Semaphore(0);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread;

    /** Only for the follower's thread: revision of what was handed on last; a value of etcd's that none has at first. */
    private long knownRevision = -1;

    /** Only for the follower's thread: whether the log already says that etcd is away. */
    private boolean awayLogged;

    private SettingsFollower(List<HostPort> endpoints, String prefix, Consumer<SettingsVersion> onVersion) {
        this.endpoints = List.copyOf(endpoints);
        this.prefix = prefix;
        this.onVersion = onVersion;
        this.thread = Thread.ofVirtual().name("settings").unstarted(this::run);
    }

    /**
     * Starts to follow, and returns at once: etcd need not be there.
     *
     * @param endpoints client addresses of one etcd cluster's members
     * @param prefix of all keys, such as {@code /meridian/v1}
     * @param onVersion told what is in force, at first and whenever it changes, on the follower's thread; must not block
     *     for long
     */
    public static SettingsFollower start(List<HostPort> endpoints, String prefix, Consumer<SettingsVersion> onVersion) {
        var follower = new SettingsFollower(endpoints, prefix, onVersion);
        follower.thread.start();
        return follower;
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            if (!ended.await(CLOSE_LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
                log.warn("the settings' follower is still waiting for etcd: it ends with the process");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        executor.shutdownNow();
    }

    private void run() {
        try {
            while (!Thread.interrupted()) {
                useOneConnection();
                TimeUnit.NANOSECONDS.sleep(RETRY_EVERY.toNanos());
            }
        } catch (InterruptedException _) {
            log.debug("the settings are followed no longer");
        } finally {
            ended.countDown();
        }
    }

    /** Looks until something fails. */
    private void useOneConnection() throws InterruptedException {
        var lost = new AtomicBoolean();
        try (var etcd = new SettingsConnection(endpoints, prefix, executor)) {
            etcd.watch(changes::release, () -> {
                lost.set(true);
                changes.release();
            });
            while (!lost.get()) {
                look(etcd);
                onThere();
                var _ = changes.tryAcquire(LOOK_EVERY.toNanos(), TimeUnit.NANOSECONDS);
                changes.drainPermits();
            }
        } catch (SettingsAwayException | RuntimeException e) {
            onAway(e);
        }
    }

    private void look(SettingsConnection etcd) throws SettingsAwayException, InterruptedException {
        var found = etcd.inForceUnless(knownRevision);
        if (found.isPresent()) {
            onVersion.accept(found.get().version());
            knownRevision = found.get().revision();
        }
    }

    private void onThere() {
        if (awayLogged) {
            log.info("the global etcd at {} is there again: its settings are followed", endpoints);
            awayLogged = false;
        }
    }

    private void onAway(Exception e) {
        if (awayLogged) {
            log.debug("the global etcd at {} is still away", endpoints, e);
            return;
        }
        awayLogged = true;
        log.warn(
                "the settings cannot be read from the global etcd at {} ({}): the last ones stay in force; trying again"
                        + " every {} ms",
                endpoints,
                e.getMessage(),
                RETRY_EVERY.toMillis());
    }
}
