package io.meridianmq.gateway.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meridianmq.fabric.directory.EtcdServer;
import io.meridianmq.fabric.relay.GatewayProgram;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void needsBothDirectories() {
        try (var gateway = program("gateway")) {
            gateway.configure("us-east/a", "etcd: [127.0.0.1:2379]").start("--check-config");
            assertThat(gateway.exitCode()).isEqualTo(2);
            assertThat(gateway.output())
                    .contains(
                            ":1:8: place is \"us-east/a\", which this gateway cannot serve: write one such as us-east")
                    .contains("directory.global-etcd is missing or empty");
        }
    }

    @Test
    @Tag("server")
    void linksWithTheOtherRegionsOnceItSeesThePlatform() {
        try (var usEtcd = EtcdServer.started(folder.resolve("us-etcd"));
                var euEtcd = EtcdServer.started(folder.resolve("eu-etcd"));
                var globalEtcd = EtcdServer.stopped(folder.resolve("global-etcd"));
                var us = program("us");
                var eu = program("eu")) {
            var global = "global-etcd: [\"" + globalEtcd.address() + "\"]";
            us.configure("us-east", "etcd: [\"" + usEtcd.address() + "\"]", global)
                    .start();
            eu.configure("eu-west", "etcd: [\"" + euEtcd.address() + "\"]", global)
                    .start();
            eventually(() -> assertThat(us.health())
                    .contains("{\"name\":\"directory-region\",\"status\":\"up\"}")
                    .contains("etcd at [" + globalEtcd.address() + "] has not answered yet"));

            globalEtcd.start();
            eventually(() -> assertThat(us.isLinkedWith("eu-west") && eu.isLinkedWith("us-east"))
                    .isTrue());
            eventually(() -> assertThat(us.isReady() && eu.isReady()).isTrue());
            assertThat(us.stop()).isZero();
            eventually(() -> assertThat(eu.metrics()).doesNotContain("peer=\"us-east\""));
        }
    }

    private GatewayProgram program(String name) {
        return new GatewayProgram(Main.class, folder.resolve(name));
    }

    private static void eventually(ThrowingRunnable assertion) {
        await().pollInterval(Duration.ofMillis(100)).atMost(PATIENCE).untilAsserted(assertion);
    }
}
