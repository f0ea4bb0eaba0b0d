package io.meridianmq.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meridianmq.cli.platform.Programs.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFilesTest {

    private static final Layout LAYOUT = Layout.of(Shape.DEFAULT, RunningEtcd.NONE);

    @TempDir
    private Path temporary = Path.of("");

    private DataFolder folder = DataFolder.standard();

    @BeforeEach
    void writeAll() {
        folder = new DataFolder(temporary);
        new ConfigFiles(LAYOUT, folder).write();
    }

    @Test
    void nodeHasItsPlaceItsEtcdAndListenersForTheLoadBalancerAndForClients() throws IOException {
        assertThat(written("us-east/a/1")).isEqualTo("""
                # Written by "meridian up", which overwrites changes made here.
                place: us-east/a/1
                data: "%1$s/data/us-east.a.1"
                directory:
                  etcd: ["127.0.0.1:20010"]
                link:
                  bind: 127.0.0.1:20111
                tls:
                  certificate: "%1$s/tls/place/us-east.a.1.pem"
                  key: "%1$s/tls/place/us-east.a.1.key"
                  authority: "%1$s/tls/authority.pem"
                http:
                  bind: 127.0.0.1:20112
                listeners:
                  - tcp: 127.0.0.1:20110
                    proxy-protocol: true
                  - tcp: 127.0.0.1:20113
                """.formatted(temporary));
    }

    @Test
    void zoneGatewayHasTheEtcdOfItsRegion() throws IOException {
        assertThat(written("eu-west/b")).isEqualTo("""
                # Written by "meridian up", which overwrites changes made here.
                place: eu-west/b
                data: "%1$s/data/eu-west.b"
                directory:
                  etcd: ["127.0.0.1:21010"]
                link:
                  bind: 127.0.0.1:21201
                tls:
                  certificate: "%1$s/tls/place/eu-west.b.pem"
                  key: "%1$s/tls/place/eu-west.b.key"
                  authority: "%1$s/tls/authority.pem"
                http:
                  bind: 127.0.0.1:21202
                """.formatted(temporary));
    }

    @Test
    void regionGatewayHasBothDirectories() throws IOException {
        assertThat(written("eu-west")).contains("""
                directory:
                  etcd: ["127.0.0.1:21010"]
                  global-etcd: ["127.0.0.1:20000"]
                """);
    }

    @Test
    void globalControlHasTheGlobalDirectoryAndTheAdminPort() throws IOException {
        assertThat(written("global")).contains("""
                directory:
                  global-etcd: ["127.0.0.1:20000"]
                """, """
                admin:
                  bind: 127.0.0.1:20003
                console:
                  bind: 127.0.0.1:20006
                """);
    }

    @Test
    void withSlowNetworkOtherRegionsReachTheGatewayThroughTheProxy() throws IOException {
        new ConfigFiles(Layout.of(Shape.DEFAULT, RunningEtcd.NONE, Duration.ofMillis(80)), folder).write();

        assertThat(written("eu-west")).contains("""
                link:
                  bind: 127.0.0.1:21012
                  advertise-beyond: 127.0.0.1:21015
                tls:
                """);
        assertThat(Files.readString(temporary.resolve("config/wan-proxy.yaml"))).isEqualTo("""
                # Written by "meridian up", which overwrites changes made here.
                delay: 80ms
                http:
                  bind: 127.0.0.1:20009
                routes:
                  - listen: 127.0.0.1:20015
                    to: 127.0.0.1:20012
                  - listen: 127.0.0.1:21015
                    to: 127.0.0.1:21012
                """);
    }

    @Test
    void loadBalancerPassesOnTheClientsAddressAndAsksEachNodeForItsHealth() throws IOException {
        assertThat(written("haproxy-eu-west"))
                .contains("bind 127.0.0.1:2883\n")
                .contains("server b-2 127.0.0.1:21220 send-proxy-v2 check addr 127.0.0.1 port 21222\n")
                .contains("option httpchk GET /health/ready\n");
    }

    @Test
    @Tag("server")
    void haproxyAcceptsItsFile() throws IOException, InterruptedException {
        var haproxy = Programs.find(Program.HAPROXY);
        assumeTrue(haproxy.isPresent(), "haproxy is not installed");
        var file = folder.config(LayoutTest.component(LAYOUT, "haproxy-us-east"));

        var check = new ProcessBuilder(haproxy.get().toString(), "-c", "-f", file.toString())
                .redirectErrorStream(true)
                .start();
        var output = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(check.waitFor()).as(output).isZero();
        assertThat(output).doesNotContain("WARNING");
    }

    private String written(String name) throws IOException {
        return Files.readString(folder.config(LayoutTest.component(LAYOUT, name)));
    }
}
