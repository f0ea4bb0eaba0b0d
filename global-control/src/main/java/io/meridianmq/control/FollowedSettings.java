package io.meridianmq.control;

import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.directory.EtcdDirectory;
import io.meridianmq.fabric.settings.SettingsFollower;
import io.meridianmq.fabric.settings.SettingsStore;
import io.meridianmq.fabric.settings.SettingsVersion;
import java.time.InstantSource;
import java.util.List;

/** The settings in the global etcd, and what is in force there as far as has been heard. Any thread may call. */
final class FollowedSettings implements AutoCloseable {

    private final SettingsStore store;
    private final SettingsFollower follower;

    /** Written by the follower's thread, read by any. */
    private volatile SettingsVersion latest = SettingsVersion.NONE;

    /** Starts to follow; etcd need not be there. */
    FollowedSettings(List<HostPort> etcd, InstantSource clock) {
        this.store = new SettingsStore(etcd, EtcdDirectory.PREFIX, clock);
        this.follower = SettingsFollower.start(etcd, EtcdDirectory.PREFIX, version -> latest = version);
    }

    SettingsStore store() {
        return store;
    }

    SettingsVersion latest() {
        return latest;
    }

    @Override
    public void close() {
        follower.close();
        store.close();
    }
}
