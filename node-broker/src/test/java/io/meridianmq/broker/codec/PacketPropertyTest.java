package io.meridianmq.broker.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.Properties;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PublishMessage;
import io.meridianmq.broker.packet.PublishPacket;
import io.meridianmq.broker.packet.PublishProperties;
import io.meridianmq.core.publication.Qos;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What must hold for any packet, and for any bytes. */
class PacketPropertyTest {

    private static final List<ProtocolVersion> VERSIONS = List.of(ProtocolVersion.values());
    private static final PooledByteBufAllocator ALLOCATOR = PooledByteBufAllocator.DEFAULT;

    @Test
    void readsWhatItWrites() {
        var packets = new RandomPackets(Seed.VALUE);
        var encoder = PacketEncoder.unlimited(ProtocolVersion.MQTT_5);
        for (var round = 0; round < 4_000; round++) {
            var sender = packets.flag() ? Sender.CLIENT : Sender.SERVER;
            var packet = packets.packet(sender);
            var out = Unpooled.buffer();
            assertThat(encoder.encode(packet, out)).isTrue();
            assertThat(Decoders.decode(Decoders.of(sender, ProtocolVersion.MQTT_5), out))
                    .as("seed %d, round %d", Seed.VALUE, round)
                    .isEqualTo(packet);
        }
    }

    /** Whatever a packet says, the size limit is kept, and what is written can be read. */
    @Test
    void keepsEverySizeLimit() {
        var packets = new RandomPackets(Seed.VALUE);
        var limits = new Random(Seed.VALUE);
        for (var round = 0; round < 4_000; round++) {
            var sender = packets.flag() ? Sender.CLIENT : Sender.SERVER;
            var limit = 2 + limits.nextInt(100);
            var out = Unpooled.buffer();
            if (new PacketEncoder(ProtocolVersion.MQTT_5, limit, packets.flag()).encode(packets.packet(sender), out)) {
                assertThat(out.readableBytes())
                        .as("seed %d, round %d", Seed.VALUE, round)
                        .isLessThanOrEqualTo(limit);
                Decoders.decode(Decoders.of(sender, ProtocolVersion.MQTT_5), out);
            } else {
                assertThat(out.readableBytes()).isZero();
            }
        }
    }

    /** A message that any publisher sends reaches any subscriber with the same topic, payload and properties. */
    @Test
    void deliversTheSameMessageInEveryVersion() {
        var packets = new RandomPackets(Seed.VALUE);
        for (var round = 0; round < 2_000; round++) {
            var message = packets.message();
            var from = packets.version();
            var in = ALLOCATOR.buffer();
            var identifier = message.qos() == Qos.AT_MOST_ONCE ? 0 : packets.identifier();
            PublishEncoder.write(in, from, message, identifier, false);
            var frame = PublishFrame.of((PublishPacket) Decoders.decode(Decoders.client(from), in));
            if (packets.flag()) {
                frame = viaLink(frame);
            }
            if (packets.flag()) {
                var waiting = frame.detached(ALLOCATOR);
                frame.release();
                frame = waiting;
            }
            in.release();
            check(frame, message, from, packets, "seed " + Seed.VALUE + ", round " + round);
            frame.release();
            assertThat(in.refCnt()).isZero();
        }
    }

    private static PublishFrame viaLink(PublishFrame frame) {
        var canonical = ALLOCATOR.buffer();
        frame.writeCanonical(canonical);
        assertThat(canonical.readableBytes()).isEqualTo(frame.canonicalSize());
        frame.release();
        var arrived = PublishFrame.ofCanonical(canonical, new TopicCache());
        canonical.release();
        return arrived;
    }

    private static void check(
            PublishFrame frame, PublishMessage sent, ProtocolVersion from, RandomPackets packets, String round) {
        var to = packets.version();
        var qos = packets.qos();
        var retain = packets.flag();
        var expiry = to.hasProperties() ? packets.optionalNumber(1L << 32) : Properties.ABSENT;
        var identifiers = to.hasProperties() ? packets.subscriptionIdentifiers() : new int[0];
        var how = new OutgoingPublish()
                .start(to, qos, qos == Qos.AT_MOST_ONCE ? 0 : 7)
                .retain(retain)
                .expirySeconds(expiry)
                .subscriptionIdentifiers(identifiers, identifiers.length);
        var out = delivered(frame, how);
        var again = delivered(frame, how);
        assertThat(again).as(round + ", to one more").isEqualTo(out);
        again.release();
        var got = (PublishPacket) Decoders.decode(Decoders.of(Sender.SERVER, to), out);
        var given = sent.properties();
        var expected = from.hasProperties() && to.hasProperties() ? given : PublishProperties.NONE;
        assertThat(PublishPropertiesDecoder.read(got))
                .as(round)
                .isEqualTo(new PublishProperties(
                        expected.payloadFormatIndicator(),
                        expiry,
                        0,
                        expected.responseTopic(),
                        expected.correlationData(),
                        expected.userProperties(),
                        Arrays.stream(identifiers).boxed().toList(),
                        expected.contentType()));
        assertThat(got.topic()).as(round).isEqualTo(sent.topic());
        assertThat(got.qos()).as(round).isEqualTo(qos);
        assertThat(got.retain()).as(round).isEqualTo(retain);
        var payload = new byte[got.payloadLength()];
        got.frame().getBytes(got.payloadStart(), payload);
        assertThat(BinaryData.of(payload)).as(round).isEqualTo(sent.payload());
        got.release();
        out.release();
        assertThat(out.refCnt()).isZero();
    }

    private static ByteBuf delivered(PublishFrame frame, OutgoingPublish how) {
        var out = ALLOCATOR.buffer();
        if (frame.isWhole(how)) {
            write(frame.whole(), out);
        } else if (frame.claim(how)) {
            write(frame.claimed(), out);
        } else {
            write(frame.head(how, ALLOCATOR), out);
            write(frame.tail(how.version()), out);
        }
        assertThat(out.readableBytes()).isEqualTo(frame.packetSize(how));
        return out;
    }

    private static void write(ByteBuf part, ByteBuf out) {
        out.writeBytes(part);
        part.release();
    }

    @Test
    void refusesRandomBytesWithAProtocolExceptionAlone() {
        var random = new Random(Seed.VALUE);
        for (var round = 0; round < 30_000; round++) {
            var body = new byte[random.nextInt(24)];
            random.nextBytes(body);
            var bytes = new byte[2 + body.length];
            bytes[0] = (byte) random.nextInt(256);
            bytes[1] = (byte) body.length;
            // Small numbers make lengths, identifiers and properties that fit more often than any byte would.
            for (var i = 0; i < body.length; i++) {
                bytes[2 + i] = random.nextInt(3) == 0 ? body[i] : (byte) (body[i] & 0x0F);
            }
            survive(random, bytes, round);
        }
    }

    @Test
    void refusesDamagedPacketsWithAProtocolExceptionAlone() {
        var random = new Random(Seed.VALUE);
        var packets = new RandomPackets(Seed.VALUE);
        var encoder = PacketEncoder.unlimited(ProtocolVersion.MQTT_5);
        for (var round = 0; round < 10_000; round++) {
            var out = Unpooled.buffer();
            if (packets.flag()) {
                encoder.encode(packets.packet(packets.flag() ? Sender.CLIENT : Sender.SERVER), out);
            } else {
                PublishEncoder.write(out, ProtocolVersion.MQTT_5, packets.message(), packets.identifier(), false);
            }
            var bytes = new byte[out.readableBytes()];
            out.readBytes(bytes);
            for (var damage = random.nextInt(3); damage >= 0; damage--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            survive(random, bytes, round);
        }
    }

    private static void survive(Random random, byte[] bytes, int round) {
        var sender = random.nextBoolean() ? Sender.CLIENT : Sender.SERVER;
        var version = VERSIONS.get(random.nextInt(VERSIONS.size()));
        var in = Bytes.buffer(bytes);
        try {
            var length = FrameCut.frameLength(in, Packet.SIZE_MAX);
            if (length != FrameCut.INCOMPLETE && length <= in.readableBytes()) {
                var packet = Decoders.of(sender, version).decode(in, length);
                if (packet instanceof PublishPacket publish) {
                    PublishPropertiesDecoder.read(publish);
                    publish.release();
                }
            }
        } catch (ProtocolException e) {
            assertThat(e.reasonCode().isFailure()).isTrue();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(
                    "seed " + Seed.VALUE + ", round " + round + ": " + Bytes.hex(Unpooled.wrappedBuffer(bytes)), e);
        }
        assertThat(in.refCnt()).as("seed %d, round %d", Seed.VALUE, round).isOne();
        in.release();
    }
}
