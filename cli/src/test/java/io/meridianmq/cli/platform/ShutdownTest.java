package io.meridianmq.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.cli.platform.PlatformState.Started;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShutdownTest {

    private final List<String> progress = new ArrayList<>();

    @Test
    void processThatDoesNotEndIsKilledAfterAWhile() throws IOException, InterruptedException {
        // It says when it has begun to ignore the request to end.
        var stubborn = new ProcessBuilder("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.05; done").start();
        assertThat(stubborn.inputReader().readLine()).isEqualTo("ready");

        Shutdown.stop(List.of(started(Kind.NODE, stubborn)), Duration.ofMillis(200), progress::add);

        assertThat(stubborn.waitFor()).isEqualTo(128 + 9);
        assertThat(progress).containsExactly("stopping node", "node did not end within 200 ms: killed");
    }

    @Test
    void processesEndAgainstTheOrderOfTheirStartAndDeadOnesAreLeftOut() throws IOException, InterruptedException {
        var etcd = new ProcessBuilder("sleep", "60").start();
        var node = new ProcessBuilder("sleep", "60").start();
        var dead = new ProcessBuilder("sleep", "60").start();
        var processes = List.of(started(Kind.ETCD, etcd), started(Kind.ZONE_GATEWAY, dead), started(Kind.NODE, node));
        dead.destroyForcibly().waitFor();

        Shutdown.stop(processes, Shutdown.PATIENCE, progress::add);

        assertThat(progress).containsExactly("stopping node", "stopping etcd");
        assertThat(etcd.waitFor()).isEqualTo(128 + 15);
    }

    private static Started started(Kind kind, Process process) {
        var identity = ProcessIdentity.of(process.pid()).orElseThrow();
        return new Started(kind.toString(), kind, "us-east", 1, identity, "", "", "", 0);
    }
}
