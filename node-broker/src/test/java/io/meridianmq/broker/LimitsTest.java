package io.meridianmq.broker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients are told that come in too large numbers, over real sockets. */
final class LimitsTest {

    /** MQTT 5, clean start, keep alive 60 s, no identifier. */
    private static final String CONNECT = "100D00044D5154540502003C000000";

    /** MQTT 3.1.1, otherwise the same. */
    private static final String CONNECT_3 = "100C00044D5154540402003C0000";

    private static final String QUOTA_EXCEEDED = "97";
    private static final String CONNECTION_RATE_EXCEEDED = "9F";

    private static final String PROXY_HEADER = "PROXY TCP4 10.0.0.1 127.0.0.1 49152 1883\r\n";

    @TempDir
    private Path folder;

    @Test
    void oneConnectionTooManyIsToldSo() throws IOException {
        try (var broker = broker("limits: {connections: 1}")) {
            try (var first = new Client(broker, 0)) {
                assertThat(first.reasonCode(CONNECT)).isEqualTo("00");
                try (var second = new Client(broker, 0);
                        var third = new Client(broker, 0)) {
                    assertThat(second.reasonCode(CONNECT)).isEqualTo(QUOTA_EXCEEDED);
                    assertThat(third.reasonCode(CONNECT_3))
                            .as("server unavailable")
                            .isEqualTo("03");
                }
            }
            assertThat(broker.count("mqtt_connections_refused", "reason", "node"))
                    .isEqualTo(2);
            await().untilAsserted(() -> {
                try (var next = new Client(broker, 0)) {
                    assertThat(next.reasonCode(CONNECT)).isEqualTo("00");
                }
            });
        }
    }

    @Test
    void aListenerMayTakeFewer() throws IOException {
        try (var broker = broker("");
                var first = new Client(broker, 1)) {
            assertThat(first.reasonCode(CONNECT)).isEqualTo("00");
            try (var second = new Client(broker, 1);
                    var elsewhere = new Client(broker, 0)) {
                assertThat(second.reasonCode(CONNECT)).isEqualTo(QUOTA_EXCEEDED);
                assertThat(elsewhere.reasonCode(CONNECT)).isEqualTo("00");
            }
            assertThat(broker.count("mqtt_connections_refused", "reason", "listener"))
                    .isEqualTo(1);
        }
    }

    @Test
    void oneAddressTooOftenIsToldSo() throws IOException {
        try (var broker = broker("limits: {connections-per-address: 1}");
                var first = new Client(broker, 0);
                var proxied = new Client(broker, 2)) {
            assertThat(first.reasonCode(CONNECT)).isEqualTo("00");
            proxied.send(PROXY_HEADER);
            assertThat(proxied.reasonCode(CONNECT)).as("from another address").isEqualTo("00");
            try (var second = new Client(broker, 0);
                    var proxiedAgain = new Client(broker, 2)) {
                assertThat(second.reasonCode(CONNECT)).isEqualTo(QUOTA_EXCEEDED);
                proxiedAgain.send(PROXY_HEADER);
                assertThat(proxiedAgain.reasonCode(CONNECT)).isEqualTo(QUOTA_EXCEEDED);
            }
            assertThat(broker.count("mqtt_connections_refused", "reason", "address"))
                    .isEqualTo(2);
        }
    }

    @Test
    void oneTooFastIsToldSo() throws IOException {
        try (var broker = broker("limits: {connection-rate: 1}");
                var first = new Client(broker, 0)) {
            assertThat(first.reasonCode(CONNECT)).isEqualTo("00");
            // Whoever a busy machine keeps from coming within the second after the one before is let in.
            await().untilAsserted(() -> {
                try (var next = new Client(broker, 0)) {
                    assertThat(next.reasonCode(CONNECT)).isEqualTo(CONNECTION_RATE_EXCEEDED);
                }
            });
            assertThat(broker.count("mqtt_connections_refused", "reason", "rate"))
                    .isEqualTo(1);
        }
    }

    private RunningBroker broker(String limits) throws IOException {
        return new RunningBroker(folder.resolve("data"), """
                %s
                listeners:
                  - {tcp: 127.0.0.1:0}
                  - {tcp: 127.0.0.1:0, connections: 1}
                  - {tcp: 127.0.0.1:0, proxy-protocol: true}
                """.formatted(limits));
    }

    private record Client(Socket socket) implements AutoCloseable {

        Client(RunningBroker broker, int listener) throws IOException {
            this(new Socket(InetAddress.getLoopbackAddress(), broker.port(listener)));
            socket.setSoTimeout(30_000);
        }

        void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(US_ASCII));
        }

        /** The code in the answer to a CONNECT. */
        String reasonCode(String connect) throws IOException {
            socket.getOutputStream().write(HexFormat.of().parseHex(connect));
            var head = socket.getInputStream().readNBytes(4);
            return head.length < 4 ? "closed" : HexFormat.of().withUpperCase().toHexDigits(head[3]);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
