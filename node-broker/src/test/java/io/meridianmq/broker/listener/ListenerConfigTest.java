package io.meridianmq.broker.listener;

import static org.assertj.core.api.Assertions.assertThat;

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
            5_000, 70, 80, Duration.ofSeconds(9), true, "elsewhere:1883", ProtocolSettings.DEFAULT);

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
                        2_048, 7, 0, Duration.ofSeconds(1), true, "other:1883", ProtocolSettings.DEFAULT));
    }

    private ListenerConfig read(String... lines) throws IOException {
        var yaml = "listeners:\n  - " + String.join("\n    ", lines) + "\n";
        var source = ConfigSource.load(Files.writeString(folder.resolve("broker.yaml"), yaml), Map.of());
        var listener = ListenerConfig.read(source.root().sections("listeners").getFirst(), NODE);
        source.finish();
        return listener;
    }
}
