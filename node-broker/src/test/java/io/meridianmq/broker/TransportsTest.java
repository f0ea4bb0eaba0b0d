package io.meridianmq.broker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.MqttWebSocketConfig;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What MQTT comes over besides TCP, with clients that others wrote. */
final class TransportsTest {

    private static final int TLS = 1;
    private static final int WEBSOCKET = 2;
    private static final int SECURE_WEBSOCKET = 3;
    private static final int PROXIED_TLS = 4;
    private static final int PROXIED_WEBSOCKET = 5;
    private static final int HASTY = 6;

    /** MQTT 3.1.1, clean session, keep alive 60 s, identifier "lb!". */
    private static final String CONNECT = "100F00044D5154540402003C00036C6221";

    private static final String CONNACK = "20020000";
    private static final String PINGREQ = "C000";
    private static final String PINGRESP = "D000";
    private static final String PROXY_HEADER = "PROXY TCP4 10.0.0.1 127.0.0.1 49152 1883\r\n";

    @TempDir
    private static Path folder;

    @SuppressWarnings("NullAway.Init") // Made before the first test.
    private static TestCertificates certificates;

    @SuppressWarnings("NullAway.Init") // Started before the first test.
    private static RunningBroker broker;

    @BeforeAll
    static void start() throws Exception {
        certificates = new TestCertificates(folder);
        certificates.write("server", certificates.issue("broker"));
        var tls =
                "certificate: %s, key: %s".formatted(certificates.file("server.pem"), certificates.file("server.key"));
        var clients = "client-authority: %s, client-certificates: optional".formatted(certificates.authority());
        broker = new RunningBroker(folder.resolve("data"), """
                listeners:
                  - {tcp: 127.0.0.1:0}
                  - {tls: 127.0.0.1:0, %s, %s}
                  - {websocket: 127.0.0.1:0, maximum-packet-size: 2KB}
                  - {secure-websocket: 127.0.0.1:0, path: /devices, %s}
                  - {tls: 127.0.0.1:0, %s, proxy-protocol: true}
                  - {websocket: 127.0.0.1:0, proxy-protocol: true}
                  - {secure-websocket: 127.0.0.1:0, %s, connect-timeout: 2s}
                """.formatted(tls, clients, tls, tls, tls));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {TLS, WEBSOCKET, SECURE_WEBSOCKET})
    void messagesGoFromEachTransportToTcp(int transport) throws Exception {
        var subscriber = client(0);
        var publisher = client(transport);
        try (var publishes = subscriber.publishes(MqttGlobalPublishFilter.ALL, false)) {
            subscriber
                    .subscribeWith()
                    .topicFilter("to-tcp/" + transport)
                    .qos(MqttQos.EXACTLY_ONCE)
                    .send();
            publishAndExpect(publisher, "to-tcp/" + transport, publishes);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {TLS, WEBSOCKET, SECURE_WEBSOCKET})
    void messagesGoFromTcpToEachTransport(int transport) throws Exception {
        var subscriber = client(transport);
        var publisher = client(0);
        try (var publishes = subscriber.publishes(MqttGlobalPublishFilter.ALL, false)) {
            subscriber
                    .subscribeWith()
                    .topicFilter("from-tcp/" + transport)
                    .qos(MqttQos.EXACTLY_ONCE)
                    .send();
            publishAndExpect(publisher, "from-tcp/" + transport, publishes);
        }
    }

    private static void publishAndExpect(
            Mqtt5BlockingClient publisher, String topic, Mqtt5BlockingClient.Mqtt5Publishes publishes)
            throws InterruptedException {
        for (var i = 0; i < 60; i++) {
            var payload = new byte[i * 30]; // Of all sizes below the listener's largest packet.
            Arrays.fill(payload, (byte) i);
            publisher
                    .publishWith()
                    .topic(topic)
                    .qos(Objects.requireNonNull(MqttQos.fromCode(i % 3)))
                    .payload(payload)
                    .send();
            var received = publishes.receive(30, TimeUnit.SECONDS).orElseThrow();
            assertThat(received.getPayloadAsBytes()).isEqualTo(payload);
        }
        publisher.disconnect();
    }

    @Test
    void largeMessagesGoThroughTls() throws Exception {
        var client = client(TLS);
        try (var publishes = client.publishes(MqttGlobalPublishFilter.ALL, false)) {
            client.subscribeWith()
                    .topicFilter("large")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .send();
            var payload = new byte[1_000_000];
            new Random(7).nextBytes(payload);
            client.publishWith()
                    .topic("large")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload(payload)
                    .send();
            assertThat(publishes.receive(30, TimeUnit.SECONDS).orElseThrow().getPayloadAsBytes())
                    .isEqualTo(payload);
        }
        client.disconnect();
    }

    @Test
    void aCertificateThatIsNotTrustedIsRefusedWhereOneIsOptional() throws Exception {
        client(TLS, certificates.issue("device")).disconnect();
        var stranger = new TestCertificates(folder.resolve("data")).issue("device");
        assertThatThrownBy(() -> client(TLS, stranger)).isNotNull();
    }

    @Test
    void newFilesAreTakenWithoutARestart() throws Exception {
        certificates.write("server", certificates.issue("renewed"));
        await().atMost(Duration.ofSeconds(30)).until(() -> servedBy(TLS).contains("CN=renewed"));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> servedBy(SECURE_WEBSOCKET).contains("CN=renewed"));
    }

    private static String servedBy(int listener) throws Exception {
        try (var socket = (SSLSocket) certificates
                .client()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), broker.port(listener))) {
            var certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return certificate.getSubjectX500Principal().getName();
        }
    }

    @Test // [MQTT-6.0.0-2] [MQTT3-6.0.0-2]
    void packetsSpanFramesAndShareThem() throws Exception {
        var socket = webSocket(WEBSOCKET, "/mqtt", "mqtt");
        var all = CONNECT + PINGREQ + PINGREQ;
        for (var i = 0; i < all.length() / 2 - 2; i++) {
            socket.send(all.substring(2 * i, 2 * i + 2), true);
        }
        socket.send(all.substring(all.length() - 4), true);
        assertThat(socket.received(8)).isEqualTo(CONNACK + PINGRESP + PINGRESP);

        socket.send("C0", false);
        socket.send("", false);
        socket.send("00C0", false); // One message in four frames, with a ping in between.
        socket.socket.sendPing(ByteBuffer.wrap(new byte[] {1, 2})).join();
        socket.send("00" + PINGREQ.repeat(3), true);
        assertThat(socket.received(10)).isEqualTo(PINGRESP.repeat(5));
        assertThat(socket.pongs.poll(30, TimeUnit.SECONDS)).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
    }

    @Test // [MQTT-6.0.0-4] [MQTT3-6.0.0-4]
    void theSubprotocolIsNamedInTheAnswer() throws Exception {
        assertThat(webSocket(WEBSOCKET, "/mqtt", "mqtt").socket.getSubprotocol())
                .isEqualTo("mqtt");
        assertThat(webSocket(WEBSOCKET, "/mqtt?from=browser", "chat, mqttv3.1")
                        .socket
                        .getSubprotocol())
                .isEqualTo("mqttv3.1");
    }

    @Test // [MQTT-6.0.0-1] [MQTT3-6.0.0-1]
    void aTextFrameEndsTheConnection() throws Exception {
        var socket = webSocket(WEBSOCKET, "/mqtt", "mqtt");
        socket.socket.sendText("hello", true).join();
        assertThat(socket.closed()).isEqualTo(1003);
        assertThat(broker.count("mqtt_websockets_refused", "reason", "text")).isEqualTo(1);
    }

    @Test
    void aFrameThatIsTooLargeEndsTheConnection() throws Exception {
        var socket = webSocket(WEBSOCKET, "/mqtt", "mqtt");
        var _ = socket.socket.sendBinary(ByteBuffer.allocate((2 << 10) + (64 << 10) + 1), true);
        assertThat(socket.closed()).isIn(1009, 1006); // The rest of the frame may meet a closed socket.
        // The frame decoder says so to the client first, and then to the handler that counts.
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(broker.count("mqtt_websockets_refused", "reason", "frame"))
                        .isEqualTo(1));
    }

    @Test
    void aGoodbyeIsAnswered() throws Exception {
        var socket = webSocket(WEBSOCKET, "/mqtt", "mqtt");
        socket.socket.sendClose(1001, "gone").join();
        assertThat(socket.closed()).isEqualTo(1001);
    }

    @Test
    void theEndOfTheConnectionIsTheEndOfTheWebSocket() throws Exception {
        var socket = webSocket(WEBSOCKET, "/mqtt", "mqtt");
        socket.send(CONNECT, true);
        assertThat(socket.received(4)).isEqualTo(CONNACK);
        socket.send("E000", true);
        assertThat(socket.closed()).isEqualTo(1000);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /, 404, served at /mqtt",
        "GET, /mqtt/, 404, served at /mqtt",
        "POST, /mqtt, 405, GET",
        "GET, /mqtt, 426, WebSocket",
    })
    void whoAsksForSomethingElseIsTold(String method, String path, int status, String word) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + broker.port(WEBSOCKET) + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        try (var http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(answer.body()).contains(word);
        }
    }

    @Test // [MQTT-6.0.0-3] [MQTT3-6.0.0-3]
    void aClientThatDoesNotOfferTheSubprotocolIsRefused() {
        assertThatThrownBy(() -> webSocket(WEBSOCKET, "/mqtt", "chat"))
                .hasCauseInstanceOf(WebSocketHandshakeException.class)
                .satisfies(failure -> assertThat(status(failure)).isEqualTo(400));
        assertThatThrownBy(() -> webSocket(WEBSOCKET, "/elsewhere", "mqtt"))
                .satisfies(failure -> assertThat(status(failure)).isEqualTo(404));
    }

    @Test
    void whatIsNoRequestIsRefused() throws IOException {
        assertThat(raw(WEBSOCKET, "GET /" + "a".repeat(5_000) + " HTTP/1.1\r\n\r\n"))
                .contains("414");
        assertThat(raw(WEBSOCKET, "GET /mqtt HTTP/1.1\r\nX: " + "a".repeat(9_000) + "\r\n\r\n"))
                .contains("431");
        assertThat(raw(WEBSOCKET, "hello\r\n\r\n")).contains("400");
    }

    @Test
    void aProxyHeaderComesBeforeTls() throws Exception {
        try (var plain = new Socket(InetAddress.getLoopbackAddress(), broker.port(PROXIED_TLS))) {
            plain.setSoTimeout(30_000);
            plain.getOutputStream().write(PROXY_HEADER.getBytes(US_ASCII));
            var tls = certificates.client().getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true);
            tls.getOutputStream().write(HexFormat.of().parseHex(CONNECT));
            assertThat(tls.getInputStream().readNBytes(4))
                    .isEqualTo(HexFormat.of().parseHex(CONNACK));
        }
    }

    @Test
    void aProxyHeaderComesBeforeHttp() throws IOException {
        assertThat(raw(PROXIED_WEBSOCKET, PROXY_HEADER + "GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 404");
        assertThat(raw(PROXIED_WEBSOCKET, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
                .as("without a header")
                .isEmpty();
    }

    @Test
    void whoDoesNotFinishAHandshakeIsClosed() throws Exception {
        assertThat(raw(HASTY, "")).isEmpty(); // No TLS.
        try (var tls = certificates
                .client()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), broker.port(HASTY))) {
            tls.setSoTimeout(30_000);
            tls.getOutputStream().write("GET /mq".getBytes(US_ASCII)); // No HTTP.
            assertThat(tls.getInputStream().read()).isEqualTo(-1);
        }
        var socket = webSocket(HASTY, "/mqtt", "mqtt"); // No MQTT.
        assertThat(socket.closed()).isEqualTo(1000);
    }

    private static String raw(int listener, String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), broker.port(listener))) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private static int status(Throwable failure) {
        var cause = Objects.requireNonNull(failure instanceof CompletionException ? failure.getCause() : failure);
        return Objects.requireNonNull(((WebSocketHandshakeException) cause).getResponse())
                .statusCode();
    }

    private static Mqtt5BlockingClient client(int transport) throws Exception {
        return client(transport, null);
    }

    private static Mqtt5BlockingClient client(int transport, @Nullable X509Bundle own) throws Exception {
        var builder = Mqtt5Client.builder().serverHost("127.0.0.1").serverPort(broker.port(transport));
        if (transport == WEBSOCKET || transport == SECURE_WEBSOCKET) {
            builder = builder.webSocketConfig(MqttWebSocketConfig.builder()
                    .serverPath(transport == WEBSOCKET ? "mqtt" : "devices")
                    .build());
        }
        if (transport == TLS || transport == SECURE_WEBSOCKET) {
            builder = builder.sslConfig(MqttClientSslConfig.builder()
                    .trustManagerFactory(certificates.trust())
                    .keyManagerFactory(own == null ? null : own.toKeyManagerFactory())
                    .build());
        }
        var client = builder.buildBlocking();
        client.connect();
        return client;
    }

    private static Talk webSocket(int listener, String path, String subprotocols) throws Exception {
        var talk = new Talk();
        var names = Arrays.asList(subprotocols.split(", ", -1));
        var isSecure = listener == HASTY || listener == SECURE_WEBSOCKET;
        var http = HttpClient.newBuilder().sslContext(certificates.client()).build();
        talk.socket = http.newWebSocketBuilder()
                .subprotocols(
                        names.getFirst(),
                        List.copyOf(names.subList(1, names.size())).toArray(String[]::new))
                .connectTimeout(Duration.ofSeconds(30))
                .buildAsync(
                        URI.create((isSecure ? "wss" : "ws") + "://localhost:" + broker.port(listener) + path), talk)
                .join();
        return talk;
    }

    /** A WebSocket of the JDK's client. */
    private static final class Talk implements WebSocket.Listener {

        private final BlockingQueue<ByteBuffer> frames = new LinkedBlockingQueue<>();
        private final BlockingQueue<ByteBuffer> pongs = new LinkedBlockingQueue<>();
        private final BlockingQueue<Integer> closes = new LinkedBlockingQueue<>();

        @SuppressWarnings("NullAway.Init") // Set by who made this.
        private WebSocket socket;

        void send(String hex, boolean last) {
            socket.sendBinary(ByteBuffer.wrap(HexFormat.of().parseHex(hex)), last)
                    .join();
        }

        /** So many bytes, in hexadecimal. */
        String received(int bytes) throws InterruptedException {
            var text = new StringBuilder();
            while (text.length() < 2 * bytes) {
                var frame = frames.poll(30, TimeUnit.SECONDS);
                if (frame == null) {
                    return text + " and then nothing";
                }
                var array = new byte[frame.remaining()];
                frame.get(array);
                text.append(HexFormat.of().withUpperCase().formatHex(array));
            }
            return text.toString();
        }

        int closed() throws InterruptedException {
            var status = closes.poll(30, TimeUnit.SECONDS);
            return status == null ? 0 : status;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
            frames.add(data);
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
            pongs.add(message);
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            closes.add(statusCode);
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            closes.add(1006);
        }
    }
}
