package io.meridianmq.broker.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.DisconnectPacket;
import io.meridianmq.broker.packet.DisconnectProperties;
import io.meridianmq.broker.packet.PingreqPacket;
import io.meridianmq.broker.packet.Properties;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PublishMessage;
import io.meridianmq.broker.packet.PublishProperties;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.packet.UserProperty;
import io.meridianmq.broker.packet.Will;
import io.meridianmq.core.publication.Qos;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CONNECT, CONNACK, sessions and wills, in the words of both specifications. */
@ParameterizedClass
@EnumSource(EmbeddedNode.Sessions.class)
final class ConnectRulesTest {

    private static final long HOUR = 3_600;

    private final EmbeddedNode node;

    ConnectRulesTest(EmbeddedNode.Sessions sessions) {
        node = new EmbeddedNode(2, sessions);
    }

    @AfterEach
    void close() {
        node.close();
    }

    /** [MQTT-3.1.4-5] [MQTT-3.2.0-1] [MQTT-3.2.0-2] [MQTT3-3.1.4-4] [MQTT3-3.2.0-1] [MQTT3-3.12.4-1] */
    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
    void answersConnectOnceAndBeforeAnythingElse(ProtocolVersion version) {
        var connect = version.hasProperties()
                ? "100e 0004 4d515454 05 02 0000 00 0001 63"
                : "100d 0004 4d515454 04 02 0000 0001 63";
        assertThat(node.client(version).sendHex(connect + "c000 c000").received())
                .containsExactly("CONNACK SUCCESS", "PINGRESP", "PINGRESP");
    }

    /** [MQTT-3.1.4-6] [MQTT-3.2.2-6] [MQTT-3.2.2-7] [MQTT-4.13.2-1] [MQTT3-3.1.4-5] [MQTT3-3.2.2-4] [MQTT3-3.2.2-5] */
    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
    void processesNothingBehindARefusedConnect(ProtocolVersion version) {
        var watcher = v5().connected("w").subscribe("#", 0);
        watcher.received();
        // MQTT 5: an authentication method that nobody has; 3.1.1: no identifier and no clean session
        var refused = version.hasProperties()
                ? "1012 0004 4d515454 05 02 0000 04 15000178 0001 63" + "3004 0001 61 00"
                : "100c 0004 4d515454 04 00 0000 0000" + "3003 0001 61";
        assertThat(node.client(version).sendHex(refused).bytes())
                .startsWith("20")
                .contains(version.hasProperties() ? "008c" : "0002"); // no session present
        assertThat(watcher.received()).isEmpty();
    }

    /** [MQTT-3.1.4-1] [MQTT3-3.1.4-1] [MQTT3-3.2.2-6] [MQTT3-3.1.2-3] */
    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
    void closesAfterAnInvalidConnect(ProtocolVersion version) {
        var client = node.client(version)
                .sendHex("100e 0004 4d515454 0" + version.level() + " 03 0000 00 0001 63"); // the reserved flag
        assertThat(client.received())
                .isEqualTo(version.hasProperties() ? List.of("CONNACK MALFORMED_PACKET", "closed") : List.of("closed"));
    }

    /** [MQTT3-3.1.2-2] [MQTT3-3.1.2-1] */
    @Test
    void answersUnknownVersionsWithTheReturnCodeForThat() {
        assertThat(v3().sendHex("100d 0004 4d515454 02 02 0000 0001 63").bytes())
                .isEqualTo("20020001");
        assertThat(v3().sendHex("100d 0004 4d515458 04 02 0000 0001 63").bytes())
                .isEqualTo("20020001");
    }

    /** [MQTT-3.14.0-1] [MQTT-3.1.0-2] [MQTT-3.2.0-1] */
    @Test
    void saysNothingButConnackUntilTheSessionIsOpen() {
        var connect = "100e 0004 4d515454 05 00 0000 00 0001 63";
        for (var loop = 0; loop < 2; loop++) {
            v5().connect("c", false, HOUR).drop(); // Its session stays with the first loop.
            assertThat(node.client(ProtocolVersion.MQTT_5, loop)
                            .sendHex(connect + "c000" + connect)
                            .received())
                    .containsExactly("CONNACK SUCCESS present", "PINGRESP", "DISCONNECT PROTOCOL_ERROR", "closed");
        }
    }

    /** [MQTT-3.1.0-1] [MQTT-3.1.0-2] [MQTT3-3.1.0-1] [MQTT3-3.1.0-2] [MQTT3-4.8.0-1] */
    @Test
    void takesConnectFirstAndOnce() {
        assertThat(v3().send(PingreqPacket.INSTANCE).received()).containsExactly("closed");
        assertThat(v3().connected("c").connect("c", true, 0).received()).containsExactly("closed");
    }

    /**
     * [MQTT-3.1.3-2] [MQTT-3.1.2-5] [MQTT-3.1.2-6] [MQTT-3.1.2-23] [MQTT-3.2.2-3] [MQTT3-3.1.3-2] [MQTT3-3.1.2-4]
     * [MQTT3-3.2.2-2] [MQTT3-3.2.2-3] [MQTT3-4.1.0-1]
     */
    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
    void findsTheSessionByTheClientIdentifier(ProtocolVersion version) {
        var first = node.client(version);
        assertThat(first.connect("c", false, HOUR).received()).containsExactly("CONNACK SUCCESS");
        first.subscribe("a", 1);
        first.drop();
        assertThat(node.client(version).connect("C", false, HOUR).received()).containsExactly("CONNACK SUCCESS");
        var again = node.client(version);
        assertThat(again.connect("c", false, HOUR).received()).containsExactly("CONNACK SUCCESS present");
        v5().connected("p").publish("a", 1, 1, false, "x");
        assertThat(again.received()).containsExactly("PUBLISH a qos1 #1 x");
    }

    /**
     * [MQTT-3.1.2-4] [MQTT-3.1.4-4] [MQTT-3.2.2-2] [MQTT3-3.1.2-6] [MQTT3-3.1.4-3] [MQTT3-3.2.2-1]; what is retained stays
     * [MQTT3-3.1.2-7]
     */
    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
    void startsAnewWhenAskedTo(ProtocolVersion version) {
        var first = node.client(version);
        first.connect("c", false, HOUR);
        first.subscribe("a", 1);
        first.publish("kept", 1, 1, true, "r");
        first.drop();
        v5().connected("p").publish("a", 1, 1, false, "queued");

        var clean = node.client(version);
        assertThat(clean.connect("c", true, 0).received()).containsExactly("CONNACK SUCCESS");
        v5().connected("p").publish("a", 1, 1, false, "x");
        assertThat(clean.received()).isEmpty();
        clean.drop();
        var last = node.client(version);
        assertThat(last.connect("c", false, HOUR).received())
                .as("a session for one connection leaves nothing")
                .containsExactly("CONNACK SUCCESS");
        last.subscribe("kept", 0);
        assertThat(last.received()).endsWith("PUBLISH kept qos0 retain r");
    }

    /** [MQTT-4.1.0-1] [MQTT-4.1.0-2] [MQTT-3.1.2-23] [MQTT3-4.1.0-2] */
    @Test
    void keepsASessionAsLongAsAgreed() {
        var first = v5();
        first.connect("c", false, 60);
        node.pass(Duration.ofHours(1)); // As long as it is connected, time does not count.
        first.drop();
        node.pass(Duration.ofSeconds(59));
        var second = v5();
        assertThat(second.connect("c", false, 60).received()).containsExactly("CONNACK SUCCESS present");
        second.drop();
        node.pass(Duration.ofSeconds(61));
        assertThat(v5().connect("c", false, 60).received()).containsExactly("CONNACK SUCCESS");
    }

    /** [MQTT-3.1.3-5] [MQTT3-3.1.3-5] */
    @ParameterizedTest
    @ValueSource(strings = {"0", "abcdefghijklmnopqrstuvw", "ABCDEFGHIJKLMNOPQRSTUVW", "xyzXYZ0123456789"})
    void allowsTheIdentifiersThatEveryServerHasToAllow(String clientId) {
        assertThat(v5().connect(clientId, true, 0).received()).containsExactly("CONNACK SUCCESS");
        assertThat(v3().connect(clientId + "3", true, 0).received()).containsExactly("CONNACK SUCCESS");
    }

    /** [MQTT-3.1.3-6] [MQTT-3.1.3-7] [MQTT-3.2.2-16] [MQTT3-3.1.3-6] [MQTT3-3.1.3-8] [MQTT3-3.1.3-9] */
    @Test
    void makesUpAnIdentifierOfItsOwnForEachClientWithoutOne() {
        var one = v5().connect("", true, 0).bytes();
        var other = v5().connect("", true, 0).bytes();
        assertThat(one).contains("120029").isNotEqualTo(other); // Assigned Client Identifier, 41 characters
        assertThat(v3().connect("", true, 0).bytes()).isEqualTo("20020000");
        assertThat(v3().connect("", true, 0).bytes()).isEqualTo("20020000");
        assertThat(v3().connect("", false, 0).bytes()).isEqualTo("20020002");
        assertThat(v3().connect("", false, 0).received()).endsWith("closed");
    }

    /** [MQTT-3.1.4-3] [MQTT3-3.1.4-2] */
    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
    void closesTheEarlierConnectionOfAClient(ProtocolVersion version) {
        var first = node.client(version).connected("c");
        node.client(version, 1).connected("c");
        assertThat(first.received())
                .isEqualTo(
                        version.hasProperties()
                                ? List.of("DISCONNECT SESSION_TAKEN_OVER", "closed")
                                : List.of("closed"));
    }

    /** [MQTT-3.1.2-22] [MQTT3-3.1.2-24] [MQTT-3.12.4-1] */
    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
    void closesAfterOneAndAHalfKeepAlives(ProtocolVersion version) {
        var client = node.client(version);
        client.connect("c", true, 10, 0, Optional.empty()).received();
        node.pass(Duration.ofMillis(14_900));
        assertThat(client.send(PingreqPacket.INSTANCE).received()).containsExactly("PINGRESP");
        node.pass(Duration.ofMillis(14_900));
        assertThat(client.received()).isEmpty();
        node.pass(Duration.ofMillis(200));
        assertThat(client.received()).endsWith("closed");
    }

    /**
     * [MQTT-3.1.2-7] [MQTT-3.1.2-8] [MQTT-3.1.2-10] [MQTT-3.14.4-3] [MQTT3-3.1.2-8] [MQTT3-3.1.2-10] [MQTT3-3.1.2-12]
     * [MQTT3-3.14.4-3]
     */
    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
    void publishesAWillOnceUnlessTheClientSaidGoodbye(ProtocolVersion version) {
        var watcher = v5().connected("w").subscribe("#", 2);
        watcher.received();
        var lost = node.client(version).connect("lost", false, 0, HOUR, will("lost", Qos.AT_MOST_ONCE, false));
        assertThat(watcher.received()).isEmpty();
        lost.drop();
        assertThat(watcher.received()).containsExactly("PUBLISH lost qos0 bye");
        node.client(version).connect("lost", false, HOUR).drop();
        assertThat(watcher.received()).as("published wills are gone").isEmpty();

        node.client(version)
                .connect("polite", false, 0, HOUR, will("polite", Qos.AT_MOST_ONCE, false))
                .send(new DisconnectPacket(ReasonCode.NORMAL_DISCONNECTION, DisconnectProperties.NONE));
        node.client(version).connect("polite", false, HOUR).drop();
        assertThat(watcher.received()).isEmpty();
    }

    /**
     * [MQTT-3.1.2-14] [MQTT-3.1.2-15] [MQTT-3.1.2-9] [MQTT3-3.1.2-16] [MQTT3-3.1.2-17] [MQTT3-3.1.2-9]; every QoS, and
     * retained messages, are supported: [MQTT-3.2.2-12] [MQTT-3.2.2-13]
     */
    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
    void publishesAWillWithItsQosRetainedOrNot(ProtocolVersion version) {
        var watcher = v5().connected("w").subscribe("will/#", 2);
        watcher.received();
        node.client(version)
                .connect("plain", true, 0, 0, will("will/plain", Qos.AT_LEAST_ONCE, false))
                .drop();
        node.client(version)
                .connect("kept", true, 0, 0, will("will/kept", Qos.EXACTLY_ONCE, true))
                .drop();
        assertThat(watcher.received())
                .containsExactly("PUBLISH will/plain qos1 #1 bye", "PUBLISH will/kept qos2 #2 bye");
        assertThat(v5().connected("late").subscribe("will/#", 2).received())
                .containsExactly("SUBACK [GRANTED_QOS_2]", "PUBLISH will/kept qos2 #1 retain bye");
    }

    /** [MQTT-3.1.3-10] */
    @Test
    void keepsTheOrderOfUserPropertiesOfAWill() {
        var watcher = v5().connected("w").subscribe("#", 0);
        watcher.bytes();
        var properties = new PublishProperties(
                Properties.ABSENT,
                Properties.ABSENT,
                0,
                "",
                Optional.empty(),
                List.of(new UserProperty("b", "2"), new UserProperty("a", "1"), new UserProperty("b", "0")),
                List.of(),
                Optional.empty());
        var message = new PublishMessage("t", BinaryData.EMPTY, Qos.AT_MOST_ONCE, false, properties);
        v5().connect("c", true, 0, 0, Optional.of(new Will(message, 0))).drop();
        assertThat(watcher.bytes()).contains("26000162000132" + "26000161000131" + "26000162000130");
    }

    /** [MQTT-3.2.2-10] [MQTT-3.2.2-8] [MQTT-2.2.2-1] */
    @Test
    void limitsNothingThatConnackWouldHaveToTell() {
        var connack = v5().connect("c", true, 0).bytes();
        // Receive Maximum 10, Maximum Packet Size 1,000 and Topic Alias Maximum 5, and nothing else.
        assertThat(connack).isEqualTo("200e" + "0000" + "0b" + "21000a" + "27000003e8" + "220005");
    }

    private EmbeddedClient v5() {
        return node.client(ProtocolVersion.MQTT_5);
    }

    private EmbeddedClient v3() {
        return node.client(ProtocolVersion.MQTT_3_1_1);
    }

    private static Optional<Will> will(String topic, Qos qos, boolean retain) {
        var payload = BinaryData.of("bye".getBytes(StandardCharsets.US_ASCII));
        return Optional.of(new Will(new PublishMessage(topic, payload, qos, retain, PublishProperties.NONE), 0));
    }
}
