package io.meridianmq.broker.codec;

import static io.meridianmq.broker.packet.ProtocolVersion.MQTT_3_1_1;
import static io.meridianmq.broker.packet.ProtocolVersion.MQTT_5;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.Properties;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PublishMessage;
import io.meridianmq.broker.packet.PublishPacket;
import io.meridianmq.broker.packet.PublishProperties;
import io.meridianmq.broker.packet.UserProperty;
import io.meridianmq.core.publication.Qos;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PublishTest {

    private static final String EVERY_PROPERTY = "3D 29 00 01 't' 00 07"
            + " 1E 01 01 02 00 00 00 09 23 00 05 08 00 01 'r' 09 00 01 FF 26 00 01 'a' 00 01 'b' 03 00 02 'ct'"
            + " 'hello'";

    private static PublishPacket decode(ProtocolVersion version, ByteBuf in) {
        return (PublishPacket) Decoders.decode(Decoders.client(version), in);
    }

    @Test
    void readsTheOlderForm() {
        var in = Bytes.buffer("33 0A 00 03 'a/b' 00 09 'xyz'");
        var packet = decode(MQTT_3_1_1, in);
        assertThat(packet.topic()).isEqualTo("a/b");
        assertThat(packet.packetIdentifier()).isEqualTo(9);
        assertThat(packet.qos()).isEqualTo(Qos.AT_LEAST_ONCE);
        assertThat(packet.retain()).isTrue();
        assertThat(packet.duplicate()).isFalse();
        assertThat(packet.frame().toString(packet.payloadStart(), packet.payloadLength(), UTF_8))
                .isEqualTo("xyz");
        assertThat(packet.hasPropertiesToReplace()).isFalse();
        packet.release();
        in.release();
    }

    @Test
    void readsEveryPropertyWhenAskedTo() {
        var in = Bytes.buffer(EVERY_PROPERTY);
        var packet = decode(MQTT_5, in);
        assertThat(packet.duplicate()).isTrue();
        assertThat(packet.qos()).isEqualTo(Qos.EXACTLY_ONCE);
        assertThat(packet.topicAlias()).isEqualTo(5);
        assertThat(packet.messageExpiryIntervalSeconds()).isEqualTo(9);
        assertThat(packet.payloadLength()).isEqualTo(5);
        assertThat(PublishPropertiesDecoder.read(packet))
                .isEqualTo(new PublishProperties(
                        1,
                        9,
                        5,
                        "r",
                        Optional.of(BinaryData.of((byte) 0xFF)),
                        List.of(new UserProperty("a", "b")),
                        List.of(),
                        Optional.of("ct")));
        packet.release();
        in.release();
    }

    @Test
    void writesEveryProperty() {
        var properties = new PublishProperties(
                1,
                9,
                5,
                "r",
                Optional.of(BinaryData.of((byte) 0xFF)),
                List.of(new UserProperty("a", "b")),
                List.of(),
                Optional.of("ct"));
        var out = Unpooled.buffer();
        PublishEncoder.write(
                out,
                MQTT_5,
                new PublishMessage("t", BinaryData.of("hello".getBytes(UTF_8)), Qos.EXACTLY_ONCE, true, properties),
                7,
                true);
        assertThat(Bytes.hex(out)).isEqualTo(Bytes.hex(Unpooled.wrappedBuffer(Bytes.parse(EVERY_PROPERTY))));
    }

    @Test
    void keepsTheFrameInTheMemoryItArrivedIn() {
        var in = Bytes.buffer("30 08 00 03 'a/b' 'xyz' C0 00");
        var packet = (PublishPacket) Decoders.client(MQTT_3_1_1).decode(in, 10);
        assertThat(in.readableBytes()).as("the next packet").isEqualTo(2);
        assertThat(packet.frame().memoryAddress()).isEqualTo(in.memoryAddress() + 3);
        assertThat(packet.frame().readableBytes()).isEqualTo(10);
        in.release();
        assertThat(in.refCnt()).as("held by the packet").isOne();
        packet.release();
        assertThat(in.refCnt()).isZero();
    }

    @Test
    void givesTheSameStringForTheSameTopic() {
        var decoder = Decoders.client(MQTT_3_1_1);
        var in = Bytes.buffer("30 05 00 03 'a/b' 30 05 00 03 'a/c' 30 06 00 03 'a/c' 00 30 06 00 04 'a/ä'");
        var topics = new String[4];
        for (var i = 0; i < 4; i++) {
            var packet = (PublishPacket) decoder.decode(in, FrameCut.frameLength(in, 100));
            topics[i] = packet.topic();
            packet.release();
        }
        assertThat(topics).containsExactly("a/b", "a/c", "a/c", "a/ä");
        assertThat(topics[2]).isSameAs(topics[1]);
        in.release();
    }

    @Test
    void readsLongTopicsWithoutRememberingThem() {
        var topic = "x".repeat(TopicCache.BYTES_MAX + 1);
        var bytes = Unpooled.wrappedBuffer(topic.getBytes(UTF_8));
        var cache = new TopicCache();
        var first = cache.topic(bytes, 0, bytes.readableBytes());
        assertThat(first).isEqualTo(topic);
        assertThat(cache.topic(bytes, 0, bytes.readableBytes())).isNotSameAs(first);
        assertThat(cache.topic(bytes, 0, TopicCache.BYTES_MAX)).isSameAs(cache.topic(bytes, 0, TopicCache.BYTES_MAX));
    }

    @Test
    void leavesTheTopicOfAnAliasToTheConnection() {
        var in = Bytes.buffer("30 07 00 00 03 23 00 05 '!'");
        var packet = decode(MQTT_5, in);
        assertThat(packet.topic()).isEmpty();
        assertThat(packet.topicAlias()).isEqualTo(5);
        var resolved = packet.withTopic("a/b");
        assertThat(resolved.topic()).isEqualTo("a/b");
        assertThat(resolved.messageExpiryIntervalSeconds()).isEqualTo(Properties.ABSENT);
        resolved.release();
        in.release();
        assertThat(in.refCnt()).isZero();
    }

    @Test
    void takesSubscriptionIdentifiersFromAServer() {
        var in = Bytes.buffer("30 09 00 01 't' 05 0B 01 0B 80 01");
        var packet = (PublishPacket) Decoders.decode(Decoders.of(Sender.SERVER, MQTT_5), in);
        assertThat(PublishPropertiesDecoder.read(packet).subscriptionIdentifiers())
                .containsExactly(1, 128);
        packet.release();
        in.release();
    }
}
