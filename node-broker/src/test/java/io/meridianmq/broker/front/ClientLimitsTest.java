package io.meridianmq.broker.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.broker.front.ClientLimits.TooFast;
import io.meridianmq.broker.packet.PingreqPacket;
import io.meridianmq.broker.packet.ProtocolVersion;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a client that wants more than it may have. */
final class ClientLimitsTest {

    private final EmbeddedNode node = new EmbeddedNode(1);

    @AfterEach
    void close() {
        node.close();
    }

    @Test // [MQTT-3.1.3-8] [MQTT3-3.1.3-9]
    void aLongIdentifierIsRefused() {
        node.with(new ClientLimits(23, 0, 0, TooFast.PAUSE));
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

    @Test
    void aClientThatPublishesTooFastIsSlowedDownAndLosesNothing() {
        node.with(new ClientLimits(100, 10, 0, TooFast.PAUSE));
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
        node.with(new ClientLimits(100, 0, 1_000, TooFast.PAUSE));
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
        node.with(new ClientLimits(100, 2, 0, TooFast.DISCONNECT));
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
        node.with(new ClientLimits(100, 1, 0, TooFast.DISCONNECT));
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
