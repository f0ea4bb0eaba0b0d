package io.meridianmq.broker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker with little memory, in a process of its own, and very many clients that mean no good: random bytes, connections
 * that stay half open, CONNECT byte by byte, parts of packets of the largest size and whole ones. Its memory stays within
 * its limits, and another client is served meanwhile.
 *
 * <p>{@code -Dmeridian.stress.connections=10000 -Dmeridian.stress.seconds=60} makes more of it; each process needs some more
 * open files than that.
 */
final class BadInputTest {

    private static final int CONNECTIONS = Integer.getInteger("meridian.stress.connections", 300);
    private static final int SECONDS = Integer.getInteger("meridian.stress.seconds", 4);

    private static final int PACKET_BYTES_MAX = 1 << 20;
    private static final int PARTIAL_BYTES_MAX = 24 << 20;
    private static final Duration LATENCY_MAX = Duration.ofSeconds(3);

    /** What a node with one client needs, with room to spare. */
    private static final long HEAP_BYTES_LEFT_MAX = 48 << 20;

    private static final byte[] CONNECT = HexFormat.of().parseHex("100C00044D515454040200000000");
    private static final Pattern READY = Pattern.compile("MQTT broker is ready: connect to (.+)");

    @TempDir
    private Path folder;

    private final long seed = seed();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final List<Thread> attackers = new ArrayList<>();
    private volatile boolean isOver;

    @SuppressWarnings("NullAway.Init") // Started by the test.
    private Process broker;

    private static long seed() {
        var given = System.getProperty("meridian.seed", "");
        return given.isEmpty() ? 1 : Long.parseLong(given);
    }

    /** What is wrong with a client. */
    private enum Misbehaviour {
        RANDOM_BYTES(0) {
            @Override
            void act(OutputStream out, Random random) throws IOException {
                var bytes = new byte[1 + random.nextInt(4_096)];
                for (var i = 0; i < 100; i++) {
                    random.nextBytes(bytes);
                    if (random.nextBoolean()) {
                        bytes[0] = 0x10; // Else nothing behind the first byte would be looked at.
                    }
                    out.write(bytes);
                }
            }
        },
        SILENT(0),
        SILENT_BEFORE_TLS(1),
        SILENT_BEFORE_WEBSOCKET(2),
        SLOW_CONNECT(0) {
            @Override
            void act(OutputStream out, Random random) throws IOException {
                for (var one : CONNECT) {
                    out.write(one);
                    LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
                }
            }
        },
        RANDOM_TLS(1) {
            @Override
            void act(OutputStream out, Random random) throws IOException {
                out.write(HexFormat.of().parseHex("160301010001"));
                RANDOM_BYTES.act(out, random);
            }
        },
        PART_OF_A_LARGE_CONNECT(0) {
            @Override
            void act(OutputStream out, Random random) throws IOException {
                out.write(header(0x10, PACKET_BYTES_MAX));
                out.write(new byte[] {0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 0, 0, (byte) 0xFF, (byte) 0xFF});
                out.write(new byte[PACKET_BYTES_MAX - 1_000]);
            }
        },
        PART_OF_A_LARGE_PUBLISH(0) {
            @Override
            void act(OutputStream out, Random random) throws IOException {
                out.write(CONNECT);
                out.write(header(0x30, PACKET_BYTES_MAX));
                out.write(new byte[PACKET_BYTES_MAX - 1_000]);
            }
        },
        LARGE_PUBLISHES(0) {
            @Override
            void act(OutputStream out, Random random) throws IOException {
                out.write(CONNECT);
                var topic = new byte[] {0, 1, 'x'};
                for (var i = 0; i < 20; i++) {
                    out.write(header(0x30, PACKET_BYTES_MAX));
                    out.write(topic);
                    out.write(new byte[PACKET_BYTES_MAX - 4 - topic.length]);
                }
            }
        },
        PART_OF_A_LARGE_FRAME(2) {
            @Override
            void act(OutputStream out, Random random) throws IOException {
                out.write(UPGRADE);
                out.write(HexFormat.of().parseHex("82FF00000000000FFFFF00000000"));
                out.write(new byte[PACKET_BYTES_MAX - 1_000]);
            }
        };

        private static final byte[] UPGRADE = """
                GET /mqtt HTTP/1.1\r
                Host: localhost\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Protocol: mqtt\r
                \r
                """.getBytes(US_ASCII);

        private final int listener;

        Misbehaviour(int listener) {
            this.listener = listener;
        }

        /** Connects, and that is all. */
        void act(OutputStream out, Random random) throws IOException {}

        /** Of a packet of so many bytes altogether. */
        private static byte[] header(int type, int packetBytes) {
            var remaining = packetBytes - 4;
            return new byte[] {
                (byte) type,
                (byte) (0x80 | (remaining & 0x7F)),
                (byte) (0x80 | ((remaining >> 7) & 0x7F)),
                (byte) (remaining >> 14)
            };
        }
    }

    @AfterEach
    void stop() {
        end();
        broker.destroyForcibly();
    }

    @Test
    void memoryStaysWithinItsLimitsAndOthersAreServed() throws Exception {
        var http = freePort();
        var output = folder.resolve("output");
        var ports = start(http, output);
        var client = Mqtt3Client.builder()
                .serverHost("127.0.0.1")
                .serverPort(ports.get(3))
                .buildBlocking();
        client.connect();
        var latencies = new ArrayList<Duration>();
        var partialPeak = 0.0;
        var directPeak = 0.0;
        var connectionsPeak = 0.0;
        attack(ports);
        try (var publishes = client.publishes(MqttGlobalPublishFilter.ALL, false)) {
            client.subscribeWith()
                    .topicFilter("served")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .send();
            var end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
            while (System.nanoTime() < end) {
                var began = System.nanoTime();
                client.publishWith()
                        .topic("served")
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .payload("x".getBytes(UTF_8))
                        .send();
                assertThat(publishes.receive(30, TimeUnit.SECONDS)).isPresent();
                latencies.add(Duration.ofNanos(System.nanoTime() - began));
                if (latencies.size() % 100 == 0) {
                    partialPeak = Math.max(partialPeak, figure(http, "mqtt_partial_packet_bytes"));
                    connectionsPeak = Math.max(connectionsPeak, figure(http, "mqtt_connections"));
                    directPeak = Math.max(directPeak, figure(http, "jvm_buffer_memory_used_bytes"));
                }
            }
        }
        end();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> figure(http, "mqtt_connections") == 1 && figure(http, "mqtt_partial_packet_bytes") == 0);

        var said = Files.readString(output);
        assertThat(said).doesNotContain("OutOfMemory").doesNotContain(" ERROR ");
        assertThat(broker.isAlive()).isTrue();
        assertThat(partialPeak).isLessThanOrEqualTo(PARTIAL_BYTES_MAX);
        assertThat(heapLeft()).isLessThan(HEAP_BYTES_LEFT_MAX);
        latencies.sort(null);
        var worst = latencies.getLast();
        System.out.printf(
                "bad input: %d clients (up to %.0f connected) for %d s, seed %d: %d round trips, p50 %d ms, p99 %d ms, longest %d ms,"
                        + " %.0f MB outside of the heap at most%n",
                CONNECTIONS,
                connectionsPeak,
                SECONDS,
                seed,
                latencies.size(),
                latencies.get(latencies.size() / 2).toMillis(),
                latencies.get(latencies.size() * 99 / 100).toMillis(),
                worst.toMillis(),
                directPeak / (1 << 20));
        assertThat(worst).isLessThan(LATENCY_MAX);
        client.disconnect();
    }

    private List<Integer> start(int http, Path output) throws Exception {
        var certificates = new TestCertificates(folder);
        certificates.write("server", certificates.issue("broker"));
        var config = Files.writeString(folder.resolve("broker.yaml"), """
                data: %s
                http: {bind: "127.0.0.1:%d"}
                connection: {connect-timeout: 2s, maximum-packet-size: %dB}
                limits: {partial-packet-bytes: %dB}
                listeners:
                  - {tcp: 127.0.0.1:0}
                  - {tls: 127.0.0.1:0, certificate: %s, key: %s}
                  - {websocket: 127.0.0.1:0}
                  - {tcp: 127.0.0.1:0}
                """.formatted(
                        folder.resolve("data"),
                        http,
                        PACKET_BYTES_MAX,
                        PARTIAL_BYTES_MAX,
                        certificates.file("server.pem"),
                        certificates.file("server.key")));
        broker = new ProcessBuilder(
                        java("java"),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:+UseSerialGC",
                        "-Xmx128m",
                        "-XX:MaxDirectMemorySize=96m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "--config",
                        config.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> READY.matcher(Files.readString(output)).find() || !broker.isAlive());
        var ready = READY.matcher(Files.readString(output));
        assertThat(ready.find()).as(Files.readString(output)).isTrue();
        return Arrays.stream(ready.group(1).split(", ", -1))
                .map(address -> Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)))
                .toList();
    }

    private void attack(List<Integer> ports) {
        for (var i = 0; i < CONNECTIONS; i++) {
            var kind = Misbehaviour.values()[i % Misbehaviour.values().length];
            var random = new Random(seed + i);
            attackers.add(Thread.ofVirtual().start(() -> {
                while (!isOver) {
                    misbehave(kind, ports.get(kind.listener), random);
                }
            }));
        }
    }

    private void misbehave(Misbehaviour kind, int port, Random random) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            sockets.add(socket);
            kind.act(socket.getOutputStream(), random);
            socket.getInputStream().skipNBytes(Long.MAX_VALUE); // Until the broker has enough of it.
        } catch (IOException _) {
            // That was to be expected.
        } finally {
            sockets.removeIf(Socket::isClosed);
        }
    }

    private void end() {
        isOver = true;
        while (attackers.stream().anyMatch(Thread::isAlive)) {
            sockets.forEach(BadInputTest::close);
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double figure(int http, String name) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http + "/metrics"))
                    .build();
            return client.send(request, BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name + "{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }

    /** What is in use of the broker's heap, once there is no garbage. */
    private long heapLeft() throws IOException, InterruptedException {
        command("GC.run");
        var heap = Pattern.compile("used (\\d+)K").matcher(command("GC.heap_info"));
        var kilobytes = 0L;
        while (heap.find()) {
            kilobytes += Long.parseLong(heap.group(1));
        }
        assertThat(kilobytes).isPositive();
        return kilobytes << 10;
    }

    private String command(String name) throws IOException, InterruptedException {
        var jcmd = new ProcessBuilder(java("jcmd"), "" + broker.pid(), name)
                .redirectErrorStream(true)
                .start();
        var said = new String(jcmd.getInputStream().readAllBytes(), UTF_8);
        assertThat(jcmd.waitFor()).as(said).isZero();
        return said;
    }

    private static String java(String program) {
        return Path.of(System.getProperty("java.home"), "bin", program).toString();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
