package io.meridianmq.broker.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.ConnectProperties;
import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.PingreqPacket;
import io.meridianmq.broker.packet.Properties;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PublishMessage;
import io.meridianmq.broker.packet.PublishProperties;
import io.meridianmq.broker.packet.Will;
import io.meridianmq.core.publication.Qos;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The parts of MQTT 5 that a server may offer, as settings turn them on and off. */
@ParameterizedClass
@EnumSource(EmbeddedNode.Sessions.class)
final class FeaturesTest {

    private final EmbeddedNode node;

    FeaturesTest(EmbeddedNode.Sessions sessions) {
        node = new EmbeddedNode(1, sessions);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 61, 65_535})
    void tellsAClientAShorterKeepAliveAndHoldsItToThat(int wanted) {
        node.with(protocol(Duration.ofSeconds(60), "", false, 0));
        var client = v5();
        assertThat(client.connect("c", wanted, properties(0, false, true)).received())
                .containsExactly("CONNACK SUCCESS keep-alive=60");
        node.pass(Duration.ofSeconds(89));
        assertThat(client.received()).isEmpty();
        node.pass(Duration.ofSeconds(2));
        assertThat(client.received()).containsExactly("DISCONNECT KEEP_ALIVE_TIMEOUT", "closed");
    }

    @Test // [MQTT-3.2.2-22]
    void goesByTheClientsKeepAliveIfThatIsShortEnough() {
        node.with(protocol(Duration.ofSeconds(60), "", false, 0));
        var client = v5();
        assertThat(client.connect("c", 10, properties(0, false, true)).received())
                .containsExactly("CONNACK SUCCESS");
        node.pass(Duration.ofSeconds(16));
        assertThat(client.received()).containsExactly("DISCONNECT KEEP_ALIVE_TIMEOUT", "closed");
        var older = node.client(ProtocolVersion.MQTT_3_1_1).connected("older"); // Cannot be told.
        node.pass(Duration.ofSeconds(1_000));
        assertThat(older.send(PingreqPacket.INSTANCE).received()).containsExactly("PINGRESP");
    }

    @Test // [MQTT-3.1.2-28]
    void tellsWhereToAskForAnswersOnlyIfAskedTo() {
        node.with(protocol(Duration.ZERO, "answers", false, 0));
        assertThat(v5().connect("a", properties(0, true, true)).received())
                .containsExactly("CONNACK SUCCESS answers below answers");
        assertThat(v5().connect("b", properties(0, false, true)).received()).containsExactly("CONNACK SUCCESS");
        node.with(protocol(Duration.ZERO, "", false, 0));
        assertThat(v5().connect("c", properties(0, true, true)).received()).containsExactly("CONNACK SUCCESS");
    }

    @Test
    void refusesAPayloadThatIsNotTheTextItIsSaidToBe() {
        node.with(protocol(Duration.ZERO, "", true, 0));
        var watcher = v5().connected("w").subscribe("#", 0);
        watcher.received();
        var text = payloadFormat(1);
        assertThat(v5().connected("ok")
                        .publish("a", 1, 1, false, "\u20AC\u0000", text)
                        .received())
                .containsExactly("PUBACK #1 SUCCESS");
        assertThat(v5().connected("bytes")
                        .publishBytes("a", payloadFormat(0), (byte) 0xFF)
                        .received())
                .isEmpty();
        assertThat(v5().connected("liar").publishBytes("a", text, (byte) 0xFF).received())
                .containsExactly("DISCONNECT PAYLOAD_FORMAT_INVALID", "closed");
        assertThat(v5().connect("will", true, 0, 0, will("a", text, (byte) 0xC0, (byte) 0x80))
                        .received())
                .containsExactly("CONNACK PAYLOAD_FORMAT_INVALID", "closed");
        assertThat(watcher.received()).hasSize(2);
    }

    @Test
    void leavesPayloadsAloneUnlessToldToLook() {
        var watcher = v5().connected("w").subscribe("#", 0);
        watcher.received();
        assertThat(v5().connected("liar")
                        .publishBytes("a", payloadFormat(1), (byte) 0xFF)
                        .received())
                .isEmpty();
        assertThat(watcher.received()).hasSize(1);
    }

    @Test // [MQTT-3.1.2-26] [MQTT-3.3.2-11]
    void usesTopicAliasesAsFarAsTheClientAllows() {
        var client = v5();
        client.connect("c", properties(2, false, true));
        client.subscribe("#", 0);
        client.received();
        var publisher = v5().connected("p");
        for (var topic : List.of("a", "b", "a", "c", "a", "b")) {
            publisher.publish(topic, 0, 0, false, topic);
        }
        assertThat(client.received())
                .containsExactly(
                        "PUBLISH a qos0 alias=1 a",
                        "PUBLISH b qos0 alias=2 b",
                        "PUBLISH - qos0 alias=1 a",
                        "PUBLISH c qos0 alias=2 c", // in the place of b, which was used longest ago
                        "PUBLISH - qos0 alias=1 a",
                        "PUBLISH b qos0 alias=2 b");
    }

    @Test // [MQTT-3.1.2-27] [MQTT-3.3.2-7]
    void usesNoTopicAliasWithoutLeave() {
        var client = v5().connected("c").subscribe("#", 0);
        client.received();
        var publisher = v5().connected("p").publish("a", 0, 0, false, "1").publish("a", 0, 0, false, "2");
        assertThat(client.received()).containsExactly("PUBLISH a qos0 1", "PUBLISH a qos0 2");

        var again = v5();
        again.connect("again", properties(1, false, true));
        again.subscribe("#", 0);
        publisher.publish("a", 0, 0, false, "3");
        again.drop();
        var later = v5();
        later.connect("again", properties(1, false, true));
        later.subscribe("#", 0);
        later.received();
        publisher.publish("a", 0, 0, false, "4");
        assertThat(later.received())
                .as("the first use on a connection tells the topic")
                .containsExactly("PUBLISH a qos0 alias=1 4");

        node.with(protocol(Duration.ZERO, "", false, 0));
        var off = v5();
        off.connect("off", properties(5, false, true));
        off.subscribe("#", 0);
        off.received();
        publisher.publish("a", 0, 0, false, "5");
        assertThat(off.received()).containsExactly("PUBLISH a qos0 5");
    }

    @Test
    void tellsAnAliasAgainIfTheMessageThatToldItWasTooLarge() {
        var client = v5();
        client.connect("c", new ConnectProperties(0, 65_535, 20, 3, false, true, List.of(), Optional.empty()));
        client.subscribe("#", 0);
        client.received();
        var publisher = v5().connected("p");
        publisher.publish("a", 0, 0, false, "much too large for a packet of 20 bytes");
        publisher.publish("a", 0, 0, false, "1");
        publisher.publish("b", 0, 0, false, "2");
        publisher.publish("a", 0, 0, false, "3");
        assertThat(client.received())
                .containsExactly("PUBLISH a qos0 alias=1 1", "PUBLISH b qos0 alias=2 2", "PUBLISH - qos0 alias=1 3");
        assertThat(node.count("mqtt_queue_drops", "reason", "too_large")).isEqualTo(1);
    }

    @Test
    void keepsTheBrokersOwnTopicsFromClients() {
        var watcher = v5().connected("w").subscribe("$SYS/#", 0);
        watcher.received();
        assertThat(v5().connected("five")
                        .publish("$SYS/broker/version", 1, 1, true, "mine")
                        .received())
                .containsExactly("PUBACK #1 TOPIC_NAME_INVALID");
        assertThat(v5().connected("two").publish("$SYS", 2, 1, false, "mine").received())
                .containsExactly("PUBREC #1 TOPIC_NAME_INVALID");
        assertThat(node.client(ProtocolVersion.MQTT_3_1_1)
                        .connected("three")
                        .publish("$SYS/broker/version", 1, 1, true, "mine")
                        .received())
                .containsExactly("PUBACK #1 SUCCESS");
        assertThat(v5().connect("will", true, 0, 0, will("$SYS/a", PublishProperties.NONE))
                        .received())
                .containsExactly("CONNACK TOPIC_NAME_INVALID", "closed");
        assertThat(v5().connected("near").publish("$SYSTEM", 1, 1, false, "x").received())
                .containsExactly("PUBACK #1 NO_MATCHING_SUBSCRIBERS");
        assertThat(watcher.received()).isEmpty();
        assertThat(v5().connected("late").subscribe("$SYS/#", 0).received()).containsExactly("SUBACK [SUCCESS]");
    }

    @Test // [MQTT-3.1.2-29]
    void explainsRefusalsToThoseWhoWantToKnow() {
        var wants = v5();
        wants.connect("wants", properties(0, false, true));
        var doesNot = v5();
        doesNot.connect("does-not", properties(0, false, false));
        wants.bytes();
        doesNot.bytes();
        wants.publish("$SYS/x", 1, 1, false, "x");
        doesNot.publish("$SYS/x", 1, 1, false, "x");
        assertThat(wants.bytes()).startsWith("40").contains("1f00"); // a reason string
        assertThat(doesNot.bytes()).isEqualTo("4003000190");
        wants.publish("#", 0, 0, false, "x");
        doesNot.publish("#", 0, 0, false, "x");
        assertThat(wants.bytes()).startsWith("e0").contains("1f00");
        assertThat(doesNot.bytes()).startsWith("e0");
    }

    @Test // [MQTT-3.1.2-2]
    void refusesALaterVersionInTheWordsOfTheLatestItKnows() {
        assertThat(v5().sendHex("100d00044d5154540602000000000163").bytes())
                .startsWith("20")
                .contains("0084");
        assertThat(v5().sendHex("100d00044d51545402020000000163").bytes()).isEqualTo("20020001");
    }

    private EmbeddedClient v5() {
        return node.client(ProtocolVersion.MQTT_5);
    }

    private static ProtocolSettings protocol(Duration keepAliveMax, String answers, boolean validate, int aliases) {
        return new ProtocolSettings(keepAliveMax, answers, validate, aliases);
    }

    private static ConnectProperties properties(int topicAliasMaximum, boolean responses, boolean problems) {
        return new ConnectProperties(
                0, 65_535, Packet.SIZE_MAX, topicAliasMaximum, responses, problems, List.of(), Optional.empty());
    }

    private static PublishProperties payloadFormat(int indicator) {
        return new PublishProperties(
                indicator, Properties.ABSENT, 0, "", Optional.empty(), List.of(), List.of(), Optional.empty());
    }

    private static Optional<Will> will(String topic, PublishProperties properties, byte... payload) {
        return Optional.of(
                new Will(new PublishMessage(topic, BinaryData.of(payload), Qos.AT_MOST_ONCE, false, properties), 0));
    }
}
