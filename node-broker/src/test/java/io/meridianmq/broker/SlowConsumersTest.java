package io.meridianmq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that subscribe and then read nothing, over each transport: what the node keeps for them has a limit. */
final class SlowConsumersTest {

    private static final int OUTBOUND_BYTES = 512 << 10;
    private static final int MESSAGE_BYTES = 100_000;

    /** Rounding of buffers and chunks, and what is under way between loops. */
    private static final int TOLERANCE = 40 << 20;

    private static final String CONNECT = "100F00044D5154540402000000036C62";
    private static final byte[] SUBSCRIBE_ALL = HexFormat.of().parseHex("82060001000123" + "00");

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init") // Made before each test.
    private TestCertificates certificates;

    @SuppressWarnings("NullAway.Init") // Started before each test.
    private RunningBroker broker;

    @BeforeEach
    void start() throws Exception {
        certificates = new TestCertificates(folder);
        certificates.write("server", certificates.issue("broker"));
        broker = new RunningBroker(folder.resolve("data"), """
                limits: {outbound-bytes: %dB}
                listeners:
                  - {tcp: 127.0.0.1:0}
                  - {tls: 127.0.0.1:0, certificate: %s, key: %s}
                """.formatted(
                        OUTBOUND_BYTES, certificates.file("server.pem"), certificates.file("server.key")));
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void largeMessagesAreDroppedForWhoDoesNotRead(int listener) throws Exception {
        try (var slow = connect(listener, 'a');
                var publisher = connect(0, 'b')) {
            subscribe(slow);
            var before = directMemory();
            var highest = 0L;
            var count = 2_000; // 200 MB.
            for (var i = 0; i < count; i++) {
                publisher.getOutputStream().write(publish("t", MESSAGE_BYTES));
                highest = Math.max(highest, directMemory());
            }
            awaitPing(publisher);
            assertThat(Math.max(highest, directMemory()) - before).isLessThan(TOLERANCE);
            assertThat(broker.count("mqtt_queue_drops", "reason", "slow_consumer"))
                    .isGreaterThan(count * 0.9);

            assertThat(readsOn(slow)).isTrue();
        }
    }

    @Test
    void aSmallMessageDoesNotKeepTheLargeBufferThatItCameIn() throws Exception {
        try (var slow = connect(0, 'a');
                var publisher = connect(0, 'b')) {
            subscribe(slow, "small");
            var before = directMemory();
            // In each read of the publisher there is much for nobody, and one message for who does not read.
            var some = Unpooled.buffer();
            some.writeBytes(publish("large", 60_000)).writeBytes(publish("small", 400));
            for (var i = 0; i < 16_000; i++) {
                write(publisher.getOutputStream(), some);
            }
            awaitPing(publisher);
            assertThat(broker.count("mqtt_queue_drops", "reason", "slow_consumer"))
                    .isPositive();
            assertThat(directMemory() - before).isLessThan(TOLERANCE);
        }
    }

    @Test
    void whoAsksAndDoesNotReadTheAnswersIsNotReadItself() throws Exception {
        try (var flood = connect(0, 'a');
                var other = connect(0, 'b')) {
            flood.setSoTimeout(2_000);
            var before = directMemory();
            // PUBREL of what is not there: the answers are larger than those to PINGREQ, and many go into one buffer.
            var releases = HexFormat.of().parseHex("62020001".repeat(25_000));
            var sender = Thread.ofVirtual().start(() -> {
                try {
                    for (var i = 0; i < 2_000; i++) {
                        flood.getOutputStream().write(releases);
                    }
                } catch (IOException _) {
                    // The test is over: closing the socket ends this.
                }
            });
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> broker.count("mqtt_reading_paused", "reason", "answers") > 0);
            awaitPing(other);
            assertThat(directMemory() - before).isLessThan(TOLERANCE);
            assertThat(sender.isAlive()).isTrue();
        }
    }

    /** Whether a message gets through once what waited has been read. */
    private boolean readsOn(Socket slow) throws Exception {
        slow.setSoTimeout(30_000);
        try (var publisher = connect(0, 'c')) {
            var in = slow.getInputStream();
            for (var i = 0; i < 10_000; i++) {
                publisher.getOutputStream().write(publish("last", 1));
                if (nextTopic(in).equals("last")) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The topic of the next packet, which is a PUBLISH. */
    private static String nextTopic(InputStream in) throws IOException {
        var data = new DataInputStream(in);
        data.readUnsignedByte();
        var length = 0;
        for (var shift = 0; ; shift += 7) {
            var next = data.readUnsignedByte();
            length |= (next & 0x7F) << shift;
            if (next < 0x80) {
                break;
            }
        }
        var topic = data.readUTF();
        data.skipNBytes(length - 2 - topic.length());
        return topic;
    }

    private Socket connect(int listener, char name) throws Exception {
        var socket = listener == 0
                ? new Socket()
                : certificates.client().getSocketFactory().createSocket();
        socket.setReceiveBufferSize(16 << 10);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), broker.port(listener)));
        socket.setSoTimeout(30_000);
        socket.getOutputStream().write(HexFormat.of().parseHex(CONNECT + "%02x".formatted((int) name)));
        assertThat(socket.getInputStream().readNBytes(4)).containsExactly(0x20, 2, 0, 0);
        return socket;
    }

    private static void subscribe(Socket socket) throws IOException {
        socket.getOutputStream().write(SUBSCRIBE_ALL);
        assertThat(socket.getInputStream().readNBytes(5)).containsExactly(0x90, 3, 0, 1, 0);
    }

    private static void subscribe(Socket socket, String filter) throws IOException {
        var packet = Unpooled.buffer();
        packet.writeByte(0x82)
                .writeByte(2 + 2 + filter.length() + 1)
                .writeShort(1)
                .writeShort(filter.length());
        packet.writeCharSequence(filter, StandardCharsets.US_ASCII);
        packet.writeByte(0);
        write(socket.getOutputStream(), packet);
        assertThat(socket.getInputStream().readNBytes(5)).containsExactly(0x90, 3, 0, 1, 0);
    }

    private static void awaitPing(Socket socket) throws IOException {
        socket.getOutputStream().write(HexFormat.of().parseHex("C000"));
        assertThat(socket.getInputStream().readNBytes(2)).containsExactly(0xD0, 0);
    }

    private static byte[] publish(String topic, int bytes) {
        var remaining = 2 + topic.length() + bytes;
        var packet = Unpooled.buffer(remaining + 5).writeByte(0x30);
        do {
            packet.writeByte((remaining & 0x7F) | (remaining > 0x7F ? 0x80 : 0));
            remaining >>>= 7;
        } while (remaining > 0);
        packet.writeShort(topic.length()).writeBytes(topic.getBytes(StandardCharsets.US_ASCII));
        packet.writeZero(bytes);
        return ByteBufUtil.getBytes(packet);
    }

    private static void write(OutputStream out, ByteBuf packets) throws IOException {
        packets.getBytes(packets.readerIndex(), out, packets.readableBytes());
    }

    private static long directMemory() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }
}
