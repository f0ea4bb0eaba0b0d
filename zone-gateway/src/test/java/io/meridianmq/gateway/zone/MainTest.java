package io.meridianmq.gateway.zone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meridianmq.fabric.directory.EtcdServer;
import io.meridianmq.fabric.relay.GatewayProgram;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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
    void saysWhereTheConfigurationIsWrong() {
        try (var gateway = program("gateway")) {
            gateway.configureText("""
                    place: us-east
                    data: data
                    addresses: ["device/{zone}/{key}/#"]
                    link:
                      bnd: 127.0.0.1:0
                    """).start("--check-config");
            assertThat(gateway.exitCode()).isEqualTo(2);
            var file = gateway.config() + ":";
            assertThat(gateway.output())
                    .contains(file + "1:8: place is \"us-east\", which this gateway cannot serve: write one such as"
                            + " us-east/a")
                    .contains(file + "3:12: addresses cannot be used: address template \"device/{zone}/{key}/#\" must"
                            + " contain {region}")
                    .contains(file + "5:3: unknown key \"link.bnd\": did you mean \"link.bind\"?")
                    .contains("directory.etcd is missing or empty");
        }
    }

    @Test
    void printsTheConfigurationInForce() {
        try (var gateway = program("gateway")) {
            gateway.configure("us-east/a", "etcd: [127.0.0.1:2379]").start("--check-config");
            assertThat(gateway.exitCode()).isZero();
            assertThat(gateway.output())
                    .contains("place = us-east/a")
                    .contains("directory.etcd = [127.0.0.1:2379]")
                    .contains("http.bind = " + gateway.http());
        }
    }

    @Test
    void refusesOptionsItDoesNotKnow() {
        try (var gateway = program("gateway")) {
            gateway.configure("us-east/a", "etcd: [127.0.0.1:2379]").start("--verbose");
            assertThat(gateway.exitCode()).isEqualTo(2);
            assertThat(gateway.output()).contains("zone-gateway: unknown option \"--verbose\"; try --help");
        }
    }

    @Test
    void namesThePortThatIsTaken() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var gateway = program("gateway")) {
            var bind = "127.0.0.1:" + taken.getLocalPort();
            gateway.configureText("""
                    place: us-east/a
                    data: %s
                    directory: {etcd: [127.0.0.1:1]}
                    link: {bind: %s, insecure: true}
                    http: {bind: "%s"}
                    """.formatted(folder.resolve("data"), bind, gateway.http()))
                    .start();
            assertThat(gateway.exitCode()).isEqualTo(2);
            assertThat(gateway.output())
                    .contains("cannot accept links on " + bind)
                    .contains("set link.bind");
        }
    }

    @Test
    @Tag("server")
    void waitsForAnEtcdThatIsNotThere() {
        try (var etcd = EtcdServer.stopped(folder.resolve("etcd"));
                var gateway = program("gateway")) {
            gateway.configure("us-east/a", "etcd: [\"" + etcd.address() + "\"]").start();
            eventually(() -> assertThat(gateway.health())
                    .contains("directory-region")
                    .contains("etcd at [" + etcd.address() + "] has not answered yet"));
            eventually(() -> assertThat(gateway.output())
                    .contains("etcd at [" + etcd.address() + "] is away")
                    .contains("not ready until it is there"));
            etcd.start();
            eventually(() -> assertThat(gateway.isReady()).isTrue());
            assertThat(gateway.stop()).isZero();
        }
    }

    @Test
    @Tag("server")
    void gatewaysOfOneRegionLinkAgainAfterOneWasKilled() {
        try (var etcd = EtcdServer.started(folder.resolve("etcd"));
                var a = program("a");
                var b = program("b")) {
            var directory = "etcd: [\"" + etcd.address() + "\"]";
            a.configure("us-east/a", directory).start();
            b.configure("us-east/b", directory).start();
            eventually(() -> assertThat(a.isLinkedWith("us-east/b") && b.isLinkedWith("us-east/a"))
                    .isTrue());
            eventually(() -> assertThat(a.isReady() && b.isReady()).isTrue());

            b.kill();
            eventually(() -> assertThat(a.isLinkedWith("us-east/b")).isFalse());
            assertThat(a.isReady()).isTrue();

            b.start();
            eventually(() -> assertThat(a.isLinkedWith("us-east/b") && b.isLinkedWith("us-east/a"))
                    .isTrue());
            assertThat(a.metrics()).contains("meridian_gateway_forwarded_total{");
            assertThat(b.stop()).isZero();
            // It left in order: nobody waits for its lease to end.
            eventually(() -> assertThat(a.metrics()).doesNotContain("peer=\"us-east/b\""));
        }
    }

    private GatewayProgram program(String name) {
        return new GatewayProgram(Main.class, folder.resolve(name));
    }

    private static void eventually(ThrowingRunnable assertion) {
        await().pollInterval(Duration.ofMillis(100)).atMost(PATIENCE).untilAsserted(assertion);
    }
}
