package io.meridianmq.fabric.relay;

import io.meridianmq.fabric.directory.Directory;
import io.meridianmq.fabric.metrics.Health;
import java.time.Duration;
import java.util.Optional;

/** What a process around a mesh says of its health; at first, that it is starting. */
public final class MeshHealth {

    private static final Duration STALLED = Duration.ofSeconds(10);

    private final Health health;

    /** Written once by the thread that starts the process, read by those of the HTTP port. */
    private volatile Optional<MeshRunner<?>> runner = Optional.empty();

    /** Adds its checks to {@code health}. */
    public MeshHealth(Health health) {
        this.health = health;
        health.live(
                "mesh-thread",
                () -> runner.map(MeshRunner::stalledFor)
                        .filter(stalled -> stalled.compareTo(STALLED) >= 0)
                        .map(stalled -> "has not run for " + stalled.toSeconds() + " s"));
        health.ready("mesh", () -> runner.map(MeshHealth::whyNotReady).orElse(Optional.of("starts")));
    }

    /** The process is not ready before it has seen this directory. */
    public void follow(EtcdEndpoints endpoints, Directory directory) {
        health.ready(
                "directory-" + endpoints.name(),
                () -> directory.ready()
                        ? Optional.empty()
                        : Optional.of("etcd at " + endpoints.etcd() + " has not answered yet: trying again and again"));
    }

    /** From here on the mesh and its thread are watched. */
    public void started(MeshRunner<?> runner) {
        this.runner = Optional.of(runner);
    }

    private static Optional<String> whyNotReady(MeshRunner<?> runner) {
        if (!runner.isMeshReady()) {
            return Optional.of("does not know yet what it needs to know of its neighbours");
        }
        return runner.isListed() ? Optional.empty() : Optional.of("is not listed in its directories yet");
    }
}
