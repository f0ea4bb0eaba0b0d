package io.meridianmq.fabric.settings;

import io.meridianmq.core.settings.PlatformSettings;
import io.meridianmq.fabric.config.HostPort;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Reads and writes the settings of the platform in the global etcd. Any thread may call, and blocks for a few seconds at
 * most; every call uses a connection of its own, since there are few.
 */
public final class SettingsStore implements AutoCloseable {

    /** Versions that are kept, the one in force included. */
    public static final int HISTORY_MAX = 100;

    /** Bytes of a version as it is stored; twice as much has to fit into one transaction of etcd. */
    public static final int BYTES_MAX = 512 << 10;

    private final List<HostPort> endpoints;
    private final String prefix;
    private final InstantSource clock;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * A store at client addresses of one etcd cluster's members.
     *
     * @param prefix of all keys, such as {@code /meridian/v1}
     * @param clock for the time of writing
     */
    public SettingsStore(List<HostPort> endpoints, String prefix, InstantSource clock) {
        this.endpoints = List.copyOf(endpoints);
        this.prefix = prefix;
        this.clock = clock;
    }

    /** What is in force; {@link SettingsVersion#NONE} if nothing has been written yet. */
    public SettingsVersion inForce() throws SettingsAwayException, InterruptedException {
        try (var etcd = connect()) {
            return etcd.inForce().version();
        }
    }

    /** One version; empty if it is not among the last {@value #HISTORY_MAX}. */
    public Optional<SettingsVersion> version(long number) throws SettingsAwayException, InterruptedException {
        try (var etcd = connect()) {
            return number == 0 ? Optional.of(SettingsVersion.NONE) : etcd.version(number);
        }
    }

    /** The last versions, newest first, at most {@value #HISTORY_MAX}. */
    public List<SettingsVersion> history() throws SettingsAwayException, InterruptedException {
        try (var etcd = connect()) {
            var all = new ArrayList<SettingsVersion>();
            var below = Long.MAX_VALUE;
            while (all.size() < HISTORY_MAX) {
                var older = etcd.older(below);
                if (older.isEmpty()) {
                    break;
                }
                all.addAll(older);
                below = older.getLast().number();
            }
            return List.copyOf(all);
        }
    }

    /**
     * A change to write.
     *
     * @param settings what is to be in force; its version is the one that the change is based on
     * @param above the new version is higher than this, whatever etcd has: others may know more than an etcd that lost data
     * @param author who asks for it
     * @param comment what it is for
     * @param description what it changes, for a reader
     */
    public record Change(PlatformSettings settings, long above, String author, String comment, String description) {}

    /**
     * Writes a change.
     *
     * @return the version that is in force now
     * @throws StaleVersionException if another version is in force than the one that the change is based on
     * @throws SettingsAwayException if etcd does not confirm it; it may be written all the same
     * @throws IllegalArgumentException if it is too large; the message says by how much
     */
    public SettingsVersion write(Change change)
            throws SettingsAwayException, StaleVersionException, InterruptedException {
        var base = change.settings().version();
        var next = new SettingsVersion(
                change.settings().at(Math.max(base, change.above()) + 1),
                clock.instant(),
                change.author(),
                change.comment(),
                change.description());
        requireFits(next);
        try (var etcd = connect()) {
            var before = etcd.inForce();
            if (before.version().number() != base) {
                throw new StaleVersionException(base, before.version());
            }
            if (!etcd.write(next, before.revision(), next.number() - HISTORY_MAX + 1)) {
                throw new StaleVersionException(base, etcd.inForce().version());
            }
            return next;
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    private SettingsConnection connect() {
        return new SettingsConnection(endpoints, prefix, executor);
    }

    private static void requireFits(SettingsVersion version) {
        var bytes = SettingsMapping.encode(version.settings()).getSerializedSize();
        if (bytes > BYTES_MAX) {
            throw new IllegalArgumentException("the settings would take " + bytes + " bytes, allowed are " + BYTES_MAX
                    + ": remove global topics, or name fewer regions in them");
        }
    }
}
