package io.meridianmq.cli.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FrameReaderTest {

    private static LongStream seeds() {
        var given = Long.getLong("meridian.seed");
        return given != null ? LongStream.of(given) : LongStream.range(0, 30);
    }

    /** Writes down what it is told. */
    private static final class Told implements PacketSink {
        private final List<String> packets = new ArrayList<>();

        @Override
        public void onConnack(int reasonCode, int receiveMaximum) {
            packets.add("CONNACK " + reasonCode + " " + receiveMaximum);
        }

        @Override
        public void onPublish(int first, int packetIdentifier, long origin, long dueNanos) {
            packets.add(
                    "PUBLISH " + Integer.toHexString(first) + " " + packetIdentifier + " " + origin + " " + dueNanos);
        }

        @Override
        public void onAcknowledgement(int type, int packetIdentifier, int reasonCode) {
            packets.add(type + " " + packetIdentifier + " " + reasonCode);
        }

        @Override
        public void onDisconnect(int reasonCode) {
            packets.add("DISCONNECT " + reasonCode);
        }
    }

    @ParameterizedTest(name = "meridian.seed={0}")
    @MethodSource("seeds")
    void findsTheSamePacketsHoweverTheyAreCut(long seed) {
        var random = new Random(seed);
        var version = random.nextBoolean() ? ProtocolVersion.V5 : ProtocolVersion.V3_1_1;
        var expected = new ArrayList<String>();
        var bytes = Unpooled.buffer();
        for (var count = 0; count < 200; count++) {
            expected.add(writePacket(random, version, bytes));
        }

        var told = new Told();
        var reader = new FrameReader(version, told);
        while (bytes.isReadable()) {
            reader.read(bytes.readSlice(Math.min(bytes.readableBytes(), 1 + random.nextInt(1 + random.nextInt(600)))));
        }

        assertThat(told.packets).isEqualTo(expected);
    }

    private static String writePacket(Random random, ProtocolVersion version, ByteBuf out) {
        var identifier = 1 + random.nextInt(65_535);
        return switch (random.nextInt(4)) {
            case 0 -> {
                ClientPackets.writeAcknowledgement(out, 0x40, identifier);
                yield FrameReader.PUBACK + " " + identifier + " 0";
            }
            case 1 -> {
                out.writeBytes(new byte[] {(byte) 0xD0, 0});
                ClientPackets.writeAcknowledgement(out, 0x62, identifier);
                yield FrameReader.PUBREL + " " + identifier + " 0";
            }
            default -> {
                var qos = random.nextInt(3);
                var topic = "t".repeat(1 + random.nextInt(40));
                var frame = new PublishFrame(version, topic, qos, false, Stamp.BYTES + random.nextInt(400), random);
                var origin = Stamp.origin(random.nextInt(100), random.nextInt(1_000));
                var dueNanos = random.nextLong();
                frame.write(out, identifier, origin, dueNanos);
                yield "PUBLISH " + Integer.toHexString(0x30 | (qos << 1)) + " " + (qos == 0 ? 0 : identifier) + " "
                        + origin + " " + dueNanos;
            }
        };
    }

    @Test
    void connackTellsTheBrokersWindowWhereverItIs() {
        assertThat(read(ProtocolVersion.V3_1_1, 0x20, 2, 0, 0)).containsExactly("CONNACK 0 65535");
        assertThat(read(ProtocolVersion.V3_1_1, 0x20, 2, 0, 5)).containsExactly("CONNACK 5 65535");
        assertThat(read(ProtocolVersion.V5, 0x20, 3, 0, 0, 0)).containsExactly("CONNACK 0 65535");
        // Maximum QoS, assigned client identifier, a user property, then the receive maximum.
        assertThat(read(
                        ProtocolVersion.V5,
                        0x20,
                        19,
                        0,
                        0,
                        16,
                        0x24,
                        1,
                        0x12,
                        0,
                        1,
                        'x',
                        0x26,
                        0,
                        1,
                        'a',
                        0,
                        1,
                        'b',
                        0x21,
                        0,
                        20))
                .containsExactly("CONNACK 0 20");
    }

    @Test
    void propertiesOfAMessageAreSkipped() {
        // A message of MQTT 5 with a topic alias, and the stamp of publisher 0, message 1, due at 2.
        assertThat(read(
                        ProtocolVersion.V5,
                        0x30,
                        23,
                        0,
                        1,
                        't',
                        3,
                        0x23,
                        0,
                        9,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        1,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        2))
                .containsExactly("PUBLISH 30 0 1 2");
    }

    @Test
    void messageThatIsTooShortForAStampHasNone() {
        assertThat(read(ProtocolVersion.V3_1_1, 0x30, 5, 0, 1, 't', 'h', 'i'))
                .containsExactly("PUBLISH 30 0 " + Stamp.NO_ORIGIN + " 0");
    }

    @Test
    void reasonCodesAreTold() {
        assertThat(read(ProtocolVersion.V3_1_1, 0x90, 3, 0, 7, 0x80)).containsExactly("9 7 128");
        assertThat(read(ProtocolVersion.V5, 0x90, 4, 0, 7, 0, 0x87)).containsExactly("9 7 135");
        assertThat(read(ProtocolVersion.V5, 0x40, 4, 0, 7, 0x97, 0)).containsExactly("4 7 151");
        assertThat(read(ProtocolVersion.V5, 0xE0, 2, 0x8E, 0)).containsExactly("DISCONNECT 142");
        assertThat(read(ProtocolVersion.V5, 0xE0, 0)).containsExactly("DISCONNECT 0");
    }

    @Test
    void whatIsNoMqttIsRefused() {
        assertThatThrownBy(() -> read(ProtocolVersion.V5, 0x30, 0xff, 0xff, 0xff, 0xff, 1))
                .isInstanceOf(CorruptedFrameException.class);
        assertThatThrownBy(() -> read(ProtocolVersion.V5, 0xC0, 0)).isInstanceOf(CorruptedFrameException.class);
    }

    private static List<String> read(ProtocolVersion version, int... octets) {
        var bytes = Unpooled.buffer();
        for (var octet : octets) {
            bytes.writeByte(octet);
        }
        var told = new Told();
        new FrameReader(version, told).read(bytes);
        return told.packets;
    }
}
