package io.meridianmq.broker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meridianmq.broker.access.Policy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients are told that come in too large numbers, over real sockets. */
final class LimitsTest {

    /** MQTT 5, clean start, keep alive 60 s, identifier "lb!". */
    private static final String CONNECT = "101000044D5154540502003C0000036C6221";

    /** MQTT 3.1.1, otherwise the same. */
    private static final String CONNECT_3 = "100F00044D5154540402003C00036C6221";

    private static final String QUOTA_EXCEEDED = "97";
    private static final String CONNECTION_RATE_EXCEEDED = "9F";

    @TempDir
    private Path folder;

    @Test
    void oneConnectionTooManyIsToldSo() throws IOException {
        try (var broker = broker("limits: {connections: 1}")) {
            try (var first = connect(broker, 0);
                    var second = connect(broker, 0);
                    var third = connect(broker, 0)) {
                assertThat(reasonCode(first, CONNECT)).isEqualTo("00");
                assertThat(reasonCode(second, CONNECT)).isEqualTo(QUOTA_EXCEEDED);
                assertThat(reasonCode(third, CONNECT_3))
                        .as("server unavailable")
                        .isEqualTo("03");
            }
            assertThat(broker.count("mqtt_connections_refused", "reason", "node"))
                    .isEqualTo(2);
            await().untilAsserted(() -> {
                try (var next = connect(broker, 0)) {
                    assertThat(reasonCode(next, CONNECT)).isEqualTo("00");
                }
            });
        }
    }

    @Test
    void aListenerMayTakeFewer() throws IOException {
        try (var broker = broker("");
                var first = connect(broker, 1);
                var second = connect(broker, 1);
                var elsewhere = connect(broker, 0)) {
            assertThat(reasonCode(first, CONNECT)).isEqualTo("00");
            assertThat(reasonCode(second, CONNECT)).isEqualTo(QUOTA_EXCEEDED);
            assertThat(reasonCode(elsewhere, CONNECT)).isEqualTo("00");
            assertThat(broker.count("mqtt_connections_refused", "reason", "listener"))
                    .isEqualTo(1);
        }
    }

    @Test
    void oneAddressTooOftenIsToldSo() throws IOException {
        try (var broker = broker("limits: {connections-per-address: 1}");
                var first = connect(broker, 0);
                var second = connect(broker, 0);
                var proxied = connect(broker, 2);
                var proxiedAgain = connect(broker, 2)) {
            assertThat(reasonCode(first, CONNECT)).isEqualTo("00");
            assertThat(reasonCode(second, CONNECT)).isEqualTo(QUOTA_EXCEEDED);
            for (var one : new Socket[] {proxied, proxiedAgain}) {
                one.getOutputStream().write("PROXY TCP4 10.0.0.1 127.0.0.1 49152 1883\r\n".getBytes(US_ASCII));
            }
            assertThat(reasonCode(proxied, CONNECT)).isEqualTo("00");
            assertThat(reasonCode(proxiedAgain, CONNECT)).isEqualTo(QUOTA_EXCEEDED);
            assertThat(broker.count("mqtt_connections_refused", "reason", "address"))
                    .isEqualTo(2);
        }
    }

    @Test
    void oneTooFastIsToldSo() throws IOException {
        try (var broker = broker("limits: {connection-rate: 1}");
                var first = connect(broker, 0);
                var second = connect(broker, 0)) {
            assertThat(reasonCode(first, CONNECT)).isEqualTo("00");
            assertThat(reasonCode(second, CONNECT)).isEqualTo(CONNECTION_RATE_EXCEEDED);
            assertThat(broker.count("mqtt_connections_refused", "reason", "rate"))
                    .isEqualTo(1);
        }
    }

    private RunningBroker broker(String limits) throws IOException {
        return new RunningBroker(folder.resolve("data"), Policy.OPEN, """
                %s
                listeners:
                  - {tcp: 127.0.0.1:0}
                  - {tcp: 127.0.0.1:0, connections: 1}
                  - {tcp: 127.0.0.1:0, proxy-protocol: true}
                """.formatted(limits));
    }

    private static Socket connect(RunningBroker broker, int listener) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), broker.port(listener));
        socket.setSoTimeout(5_000);
        return socket;
    }

    /** The code in the CONNACK. */
    private static String reasonCode(Socket socket, String connect) throws IOException {
        socket.getOutputStream().write(HexFormat.of().parseHex(connect));
        var head = socket.getInputStream().readNBytes(4);
        return head.length < 4 ? "closed" : HexFormat.of().withUpperCase().toHexDigits(head[3]);
    }
}
