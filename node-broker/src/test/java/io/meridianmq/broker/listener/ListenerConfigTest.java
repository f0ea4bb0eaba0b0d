package io.meridianmq.broker.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meridianmq.broker.TestCertificates;
import io.meridianmq.broker.access.WithoutPassword;
import io.meridianmq.broker.front.ClientLimits;
import io.meridianmq.broker.front.ConnectionSettings;
import io.meridianmq.broker.front.ProtocolSettings;
import io.meridianmq.fabric.config.ConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ListenerConfigTest {

    private static final ConnectionSettings NODE = new ConnectionSettings(
            5_000,
            70,
            80,
            Duration.ofSeconds(9),
            WithoutPassword.DEFAULT,
            "elsewhere:1883",
            ClientLimits.DEFAULT,
            ProtocolSettings.DEFAULT);

    @TempDir
    private Path folder;

    @Test
    void whatAListenerDoesNotSayIsAsForTheNode() throws IOException {
        var listener = read("tcp: 127.0.0.1:0");
        assertThat(listener.connection(NODE)).isEqualTo(NODE);
        assertThat(listener.connection(NODE.withMaximumPacketSize(6_000))).isEqualTo(NODE.withMaximumPacketSize(6_000));
    }

    @Test
    void whatAListenerSaysGoesFirst() throws IOException {
        var listener = read(
                "tcp: 127.0.0.1:0",
                "maximum-packet-size: 2KB",
                "receive-maximum: 7",
                "topic-alias-maximum: 0",
                "connect-timeout: 1s",
                "server-reference: other:1883");
        assertThat(listener.connection(NODE.withMaximumPacketSize(6_000)))
                .isEqualTo(new ConnectionSettings(
                        2_048,
                        7,
                        0,
                        Duration.ofSeconds(1),
                        WithoutPassword.DEFAULT,
                        "other:1883",
                        ClientLimits.DEFAULT,
                        ProtocolSettings.DEFAULT));
    }

    @Test
    void aListenerHasOneAddress() {
        assertThatThrownBy(() -> read("proxy-protocol: true")).hasMessageContaining("tcp, tls, websocket");
        assertThatThrownBy(() -> read("tcp: 127.0.0.1:0", "websocket: 127.0.0.1:0"))
                .hasMessageContaining("second address");
    }

    @Test
    void mqttOverWebSocketIsServedAtItsUsualPathUnlessToldOtherwise() throws IOException {
        assertThat(read("websocket: 127.0.0.1:0").webSocketPath()).hasValue("/mqtt");
        assertThat(read("websocket: 127.0.0.1:0", "path: /a/b").webSocketPath()).hasValue("/a/b");
        assertThatThrownBy(() -> read("websocket: 127.0.0.1:0", "path: mqtt")).hasMessageContaining("slash");
        assertThatThrownBy(() -> read("tcp: 127.0.0.1:0", "path: /mqtt")).hasMessageContaining("remove it");
    }

    @Test
    void aListenerThatEncryptsNeedsItsCertificateAndKey() throws Exception {
        var certificates = new TestCertificates(folder);
        certificates.write("server", certificates.issue("broker"));
        var certificate = "certificate: " + certificates.file("server.pem");
        var key = "key: " + certificates.file("server.key");
        var authority = "client-authority: " + certificates.authority();

        var tls = read("tls: 127.0.0.1:0", certificate, key, authority, "client-certificates: required")
                .tls()
                .orElseThrow();
        assertThat(tls.clients()).isEqualTo(ListenerTls.ClientCertificates.REQUIRED);
        assertThat(tls.versions()).containsExactly("TLSv1.2", "TLSv1.3");
        assertThat(read("tls: 127.0.0.1:0", certificate, key, "minimum-tls: 1.3")
                        .tls())
                .hasValueSatisfying(newer -> assertThat(newer.versions()).containsExactly("TLSv1.3"));

        assertThatThrownBy(() -> read("tls: 127.0.0.1:0", certificate)).hasMessageContaining("key is missing");
        assertThatThrownBy(() -> read("tls: 127.0.0.1:0", certificate, "key: nowhere"))
                .hasMessageContaining("key is nowhere, and there is no such file");
        assertThatThrownBy(() -> read("tls: 127.0.0.1:0", certificate, key, "client-certificates: required"))
                .hasMessageContaining("client-authority is missing");
        assertThatThrownBy(() -> read("tls: 127.0.0.1:0", certificate, key, authority))
                .hasMessageContaining("of no use without client-certificates");
        assertThatThrownBy(() -> read("tcp: 127.0.0.1:0", certificate)).hasMessageContaining("remove it");
    }

    private ListenerConfig read(String... lines) throws IOException {
        var yaml = "listeners:\n  - " + String.join("\n    ", lines) + "\n";
        var source = ConfigSource.load(Files.writeString(folder.resolve("broker.yaml"), yaml), Map.of());
        var listener = ListenerConfig.read(source.root().sections("listeners").getFirst(), NODE);
        source.finish();
        return listener;
    }
}
