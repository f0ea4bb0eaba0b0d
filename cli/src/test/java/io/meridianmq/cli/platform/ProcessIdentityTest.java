package io.meridianmq.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ProcessIdentityTest {

    @Test
    void runningProcessIsAliveUntilItEnds() throws IOException, InterruptedException {
        var process = new ProcessBuilder("sleep", "60").start();
        var identity = ProcessIdentity.of(process.pid()).orElseThrow();
        assertThat(identity.isAlive()).isTrue();

        identity.terminate();
        process.waitFor();

        assertThat(identity.isAlive()).isFalse();
        assertThat(ProcessIdentity.of(process.pid())).isEmpty();
    }

    @Test
    void anotherProcessWithTheSameNumberIsNeitherAliveNorEnded() throws IOException {
        var process = new ProcessBuilder("sleep", "60").start();
        try {
            var now = ProcessIdentity.of(process.pid()).orElseThrow();
            var before = new ProcessIdentity(now.pid(), now.startTicks() - 1, now.bootId());
            var beforeReboot = new ProcessIdentity(now.pid(), now.startTicks(), "another boot");

            assertThat(before.isAlive()).isFalse();
            assertThat(beforeReboot.isAlive()).isFalse();
            before.kill();
            beforeReboot.terminate();

            assertThat(now.isAlive()).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }
}
