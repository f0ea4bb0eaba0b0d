package io.meridianmq.broker.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.broker.front.ClientLimits.TooFast;
import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.PingreqPacket;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PublishMessage;
import io.meridianmq.broker.packet.PublishProperties;
import io.meridianmq.broker.packet.Subscription;
import io.meridianmq.broker.packet.Will;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.topic.TopicFilter;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a client that wants more than it may have. */
@ParameterizedClass
@EnumSource(EmbeddedNode.Sessions.class)
final class ClientLimitsTest {

    private final EmbeddedNode node;

    ClientLimitsTest(EmbeddedNode.Sessions sessions) {
        node = new EmbeddedNode(1, sessions);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test // [MQTT-3.1.3-8] [MQTT3-3.1.3-9]
    void aLongIdentifierIsRefused() {
        node.with(new ClientLimits(23, TopicLimits.DEFAULT, 0, 0, TooFast.PAUSE));
        assertThat(v5().connect("a".repeat(24), true, 0).received())
                .containsExactly("CONNACK CLIENT_IDENTIFIER_NOT_VALID", "closed");
        assertThat(v3().connect("a".repeat(24), true, 0).received())
                .containsExactly("CONNACK CLIENT_IDENTIFIER_NOT_VALID", "closed");
        assertThat(v5().connect("ü".repeat(12), true, 0).received())
                .as("24 bytes")
                .containsExactly("CONNACK CLIENT_IDENTIFIER_NOT_VALID", "closed");
        assertThat(v5().connect("a".repeat(23), true, 0).received()) // [MQTT-3.1.3-5]
                .containsExactly("CONNACK SUCCESS");
    }

    @Test // [MQTT-4.6.0-2]
    void aPublishToATopicThatIsTooLargeIsRefusedInItsTurn() {
        node.with(limits(new TopicLimits(20, 3, 10)));
        var subscriber = v5().connected("subscriber").subscribe("#", 1);
        assertThat(subscriber.received()).hasSize(1);
        var client = v5().connected("c");
        client.publish("a/b/c", 1, 1, false, "x");
        client.publish("a/b/c/d", 1, 2, false, "x");
        client.publish("a/b/c/d", 2, 3, false, "x");
        client.publish("a/b/c/d", 0, 0, false, "x");
        client.publish("a".repeat(21), 1, 4, false, "x");
        client.publish("ü".repeat(11), 1, 5, false, "x");
        client.publish("ü".repeat(10), 1, 6, false, "x");
        assertThat(client.received())
                .containsExactly(
                        "PUBACK #1 SUCCESS",
                        "PUBACK #2 TOPIC_NAME_INVALID",
                        "PUBREC #3 TOPIC_NAME_INVALID",
                        "PUBACK #4 TOPIC_NAME_INVALID",
                        "PUBACK #5 TOPIC_NAME_INVALID",
                        "PUBACK #6 SUCCESS");
        assertThat(subscriber.received()).hasSize(2);
        assertThat(node.count("mqtt_topics_refused")).isEqualTo(5);

        var three = v3().connected("three");
        assertThat(three.publish("a/b/c/d", 0, 0, false, "x").received()).isEmpty();
        assertThat(three.publish("a/b/c/d", 1, 1, false, "x").received())
                .as("there is no word for it [MQTT3-3.3.5-2]")
                .containsExactly("PUBACK #1 SUCCESS");
        assertThat(subscriber.received()).isEmpty();
    }

    @Test
    void aWillWithATopicThatIsTooLargeIsRefused() {
        node.with(limits(new TopicLimits(20, 3, 10)));
        var message = new PublishMessage(
                "a/b/c/d", BinaryData.of(new byte[0]), Qos.AT_MOST_ONCE, false, PublishProperties.NONE);
        assertThat(v5().connect("c", true, 0, 0, Optional.of(new Will(message, 0)))
                        .received())
                .containsExactly("CONNACK TOPIC_NAME_INVALID", "closed");
    }

    @Test // [MQTT-3.8.4-6]
    void filtersThatAreTooLargeOrTooManyAreRefusedOneByOne() {
        node.with(limits(new TopicLimits(20, 3, 3)));
        var filters = Stream.of("a/+/#", "a/b/c/#", "b".repeat(21), "c")
                .map(filter -> new Subscription(TopicFilter.of(filter), Qos.AT_LEAST_ONCE))
                .toArray(Subscription[]::new);
        assertThat(v5().connected("five").subscribe(0, filters).received())
                .containsExactly("SUBACK [GRANTED_QOS_1, TOPIC_FILTER_INVALID, TOPIC_FILTER_INVALID, QUOTA_EXCEEDED]");
        assertThat(v3().connected("three").subscribe(0, filters).received()) // [MQTT3-3.8.4-5]
                .containsExactly("SUBACK [GRANTED_QOS_1, UNSPECIFIED_ERROR, UNSPECIFIED_ERROR, UNSPECIFIED_ERROR]");
        assertThat(node.count("mqtt_topics_refused")).isEqualTo(6);
    }

    private static ClientLimits limits(TopicLimits topics) {
        return new ClientLimits(100, topics, 0, 0, TooFast.PAUSE);
    }

    @Test
    void aClientThatPublishesTooFastIsSlowedDownAndLosesNothing() {
        node.with(new ClientLimits(100, TopicLimits.DEFAULT, 10, 0, TooFast.PAUSE));
        var subscriber = v5().connected("subscriber").subscribe("#", 0);
        var client = v5().connect("c", true, 1, 0, Optional.empty());
        assertThat(client.received()).containsExactly("CONNACK SUCCESS");
        assertThat(subscriber.received()).hasSize(1);

        for (var i = 0; i < 10; i++) {
            client.publish("a", 0, 0, false, "x");
        }
        assertThat(isRead(client)).isTrue();
        for (var i = 0; i < 30; i++) {
            client.publish("a", 0, 0, false, "x"); // As if they had been read at once.
        }
        assertThat(isRead(client)).isFalse();
        assertThat(subscriber.received()).hasSize(40);

        node.pass(Duration.ofMillis(2_900)); // Its keep alive is a second.
        assertThat(isRead(client)).isFalse();
        assertThat(client.received()).isEmpty();
        node.pass(Duration.ofMillis(200));
        assertThat(isRead(client)).isTrue();
        assertThat(node.count("mqtt_reading_paused", "reason", "rate")).isEqualTo(1);
        node.pass(Duration.ofMillis(1_600));
        assertThat(client.received()).containsExactly("DISCONNECT KEEP_ALIVE_TIMEOUT", "closed");
    }

    @Test
    void bytesCountAsWell() {
        node.with(new ClientLimits(100, TopicLimits.DEFAULT, 0, 1_000, TooFast.PAUSE));
        var client = v5().connected("c");
        client.publish("a", 0, 0, false, "x".repeat(900));
        assertThat(isRead(client)).isTrue();
        client.publish("a", 0, 0, false, "x".repeat(900));
        assertThat(isRead(client)).isFalse();
        node.pass(Duration.ofSeconds(1));
        assertThat(isRead(client)).isTrue();
    }

    @Test
    void aClientThatPublishesTooFastIsEndedWhereThatIsWanted() {
        node.with(new ClientLimits(100, TopicLimits.DEFAULT, 2, 0, TooFast.DISCONNECT));
        var subscriber = v5().connected("subscriber").subscribe("#", 0);
        assertThat(subscriber.received()).hasSize(1);
        for (var client : new EmbeddedClient[] {v5().connected("five"), v3().connected("three")}) {
            client.publish("a", 0, 0, false, "x").publish("a", 0, 0, false, "x");
            assertThat(client.received()).isEmpty();
            client.publish("a", 0, 0, false, "x");
        }
        assertThat(node.count("mqtt_connections_ended", "reason", "message_rate_too_high"))
                .isEqualTo(2);
        assertThat(subscriber.received()).hasSize(4);
    }

    @Test
    void aClientThatIsTooFastIsToldSo() {
        node.with(new ClientLimits(100, TopicLimits.DEFAULT, 1, 0, TooFast.DISCONNECT));
        var five = v5().connected("five");
        five.publish("a", 0, 0, false, "x").publish("a", 0, 0, false, "x");
        assertThat(five.received()).containsExactly("DISCONNECT MESSAGE_RATE_TOO_HIGH", "closed");
        var three = v3().connected("three");
        three.publish("a", 0, 0, false, "x").publish("a", 0, 0, false, "x");
        assertThat(three.received()).containsExactly("closed");
    }

    @Test
    void aClientThatDoesNotTakeItsAnswersIsNotReadUntilItDoes() {
        var client = v5().connect("c", true, 10, 0, Optional.empty());
        setWritable(client, false);
        var sent = 0;
        while (isRead(client) && sent < 100_000) {
            client.send(PingreqPacket.INSTANCE);
            sent++;
        }
        assertThat(sent).isBetween(100, 10_000);
        assertThat(node.count("mqtt_reading_paused", "reason", "answers")).isEqualTo(1);

        setWritable(client, true);
        assertThat(isRead(client)).isTrue();
        assertThat(client.received()).hasSize(1 + sent);

        setWritable(client, false);
        while (isRead(client)) {
            client.send(PingreqPacket.INSTANCE);
        }
        node.pass(Duration.ofSeconds(16)); // [MQTT-3.1.2-22]
        assertThat(client.received()).endsWith("DISCONNECT KEEP_ALIVE_TIMEOUT", "closed");
    }

    @Test
    void packetsInPartHaveALimitForAllClientsTogether() {
        node.withPacketsUpTo(20_000);
        var first = v5().connected("first");
        var second = v5().connected("second");
        var third = v3();
        first.sendBytes(Unpooled.wrappedBuffer(new byte[] {0x30, (byte) 0x98, 0x75}))
                .sendBytes(Unpooled.buffer().writeZero(8_000));
        assertThat(node.partial.bytes()).isGreaterThan(8_000);
        second.sendBytes(Unpooled.wrappedBuffer(new byte[] {0x30, (byte) 0x88, 0x27}))
                .sendBytes(Unpooled.buffer().writeZero(4_999));
        assertThat(second.received()).containsExactly("DISCONNECT QUOTA_EXCEEDED", "closed");
        third.sendBytes(Unpooled.wrappedBuffer(new byte[] {0x10, (byte) 0x88, 0x27}))
                .sendBytes(Unpooled.buffer().writeZero(4_999));
        assertThat(third.received()).as("before its CONNECT").containsExactly("closed");
        assertThat(node.count("mqtt_partial_packets_refused")).isEqualTo(2);

        first.drop();
        assertThat(node.partial.bytes()).isZero();
    }

    private static boolean isRead(EmbeddedClient client) {
        return client.channel().config().isAutoRead();
    }

    private static void setWritable(EmbeddedClient client, boolean writable) {
        Objects.requireNonNull(client.channel().unsafe().outboundBuffer()).setUserDefinedWritability(1, writable);
        client.channel().runPendingTasks();
    }

    private EmbeddedClient v5() {
        return node.client(ProtocolVersion.MQTT_5);
    }

    private EmbeddedClient v3() {
        return node.client(ProtocolVersion.MQTT_3_1_1);
    }
}
