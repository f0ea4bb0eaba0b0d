package io.meridianmq.broker.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.broker.packet.ConnectProperties;
import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.PingreqPacket;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PubackPacket;
import io.meridianmq.broker.packet.PubcompPacket;
import io.meridianmq.broker.packet.PublishProperties;
import io.meridianmq.broker.packet.PubrecPacket;
import io.meridianmq.broker.packet.PubrelPacket;
import io.meridianmq.broker.packet.ReasonCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** PUBLISH and its acknowledgements in both directions, retained messages and topics, as both specifications have them. */
@ParameterizedClass
@EnumSource(EmbeddedNode.Sessions.class)
final class PublishRulesTest {

    private static final long HOUR = 3_600;

    private final EmbeddedNode node;

    PublishRulesTest(EmbeddedNode.Sessions sessions) {
        node = new EmbeddedNode(2, sessions);
    }

    @AfterEach
    void close() {
        node.close();
    }

    /**
     * [MQTT-2.2.1-5] [MQTT-3.3.4-1] [MQTT-4.3.2-4] [MQTT-4.3.3-8] [MQTT-4.3.3-11] [MQTT3-2.3.1-6] [MQTT3-3.3.4-1]
     * [MQTT3-4.3.2-2] [MQTT3-4.3.3-2]
     */
    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
    void answersAsTheQosDemandsWithTheSameIdentifier(ProtocolVersion version) {
        var client = node.client(version).connected("c").subscribe("other", 0);
        v5().connected("s").subscribe("a", 0);
        client.received();
        assertThat(client.publish("a", 0, 0, false, "x").bytes()).isEmpty();
        assertThat(client.publish("a", 1, 0x1234, false, "x").bytes()).isEqualTo("40021234");
        assertThat(client.publish("a", 2, 0xFFFF, false, "x").bytes()).isEqualTo("5002ffff");
        assertThat(client.sendHex("6202ffff").bytes()).isEqualTo("7002ffff");
    }

    /** [MQTT-2.2.1-2] [MQTT-4.3.1-1] [MQTT-3.3.1-2] [MQTT3-2.3.1-5] [MQTT3-4.3.1-1] [MQTT3-3.3.1-2] [MQTT-2.2.2-1] */
    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
    void sendsQosZeroWithoutIdentifierAndDup(ProtocolVersion version) {
        var client = node.client(version).connected("c").subscribe("a", 0);
        client.received();
        v5().connected("p").publish("a", 2, 7, false, "x");
        assertThat(client.bytes())
                .isEqualTo(version.hasProperties() ? "3005" + "000161" + "00" + "78" : "3004" + "000161" + "78");
    }

    /**
     * [MQTT-2.2.1-4] [MQTT-4.3.2-1] [MQTT-4.3.2-2] [MQTT-4.3.3-1] [MQTT-4.3.3-2] [MQTT-3.3.1-3] [MQTT3-2.3.1-4]
     * [MQTT3-3.3.1-3]
     */
    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
    void sendsWithAnIdentifierOfItsOwnAndWithoutTheDupThatCame(ProtocolVersion version) {
        var client = node.client(version).connected("c").subscribe("a", 2);
        client.received();
        var publisher = v3().connected("p");
        publisher.sendHex("3a06 0001 61 0063 78"); // QoS 1, DUP, identifier 99
        publisher.sendHex("3c06 0001 61 0063 79"); // QoS 2, DUP, identifier 99
        assertThat(client.received()).containsExactly("PUBLISH a qos1 #1 x", "PUBLISH a qos2 #2 y");
    }

    /** [MQTT-4.3.2-5] [MQTT3-4.3.2-2] */
    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
    void takesAnAcknowledgedIdentifierForANewMessage(ProtocolVersion version) {
        var watcher = v5().connected("w").subscribe("a", 0);
        watcher.received();
        var publisher = node.client(version).connected("p");
        publisher.publish("a", 1, 1, false, "1").publish("a", 1, 1, false, "2");
        publisher.sendHex(version.hasProperties() ? "3a07 0001 61 0001 00 33" : "3a06 0001 61 0001 33");
        assertThat(watcher.received()).containsExactly("PUBLISH a qos0 1", "PUBLISH a qos0 2", "PUBLISH a qos0 3");
    }

    /** [MQTT-4.3.3-10] [MQTT-4.3.3-12] [MQTT3-4.3.3-2] */
    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
    void deliversAQosTwoMessageOnceUntilItIsReleased(ProtocolVersion version) {
        var watcher = v5().connected("w").subscribe("a", 0);
        watcher.received();
        var publisher = node.client(version).connected("p");
        publisher.publish("a", 2, 1, false, "once").publish("a", 2, 1, false, "once");
        publisher.send(new PubrelPacket(1, ReasonCode.SUCCESS));
        assertThat(publisher.received())
                .containsExactly("PUBREC #1 SUCCESS", "PUBREC #1 SUCCESS", "PUBCOMP #1 SUCCESS");
        publisher.publish("a", 2, 1, false, "new");
        assertThat(watcher.received()).containsExactly("PUBLISH a qos0 once", "PUBLISH a qos0 new");
    }

    /** [MQTT-4.3.3-9] */
    @Test
    void takesARefusedIdentifierForANewMessage() {
        var watcher = v5().connected("w").subscribe("a", 0);
        watcher.received();
        node.retained.holdUp();
        var publisher = v5().connected("p").publish("a", 2, 1, true, "first");
        node.retained.storeHeldUp(0x97);
        assertThat(publisher.received()).containsExactly("PUBREC #1 QUOTA_EXCEEDED");
        publisher.publish("a", 2, 1, false, "second");
        assertThat(publisher.received()).containsExactly("PUBREC #1 SUCCESS");
        assertThat(watcher.received()).endsWith("PUBLISH a qos0 second");
    }

    /**
     * [MQTT-4.3.2-3] [MQTT-4.3.3-3] [MQTT-4.3.3-4] [MQTT-4.3.3-5] [MQTT-4.3.3-6] [MQTT-4.4.0-1] [MQTT-3.3.1-1]
     * [MQTT3-4.3.2-1] [MQTT3-4.3.3-1] [MQTT3-4.4.0-1] [MQTT3-3.3.1-1]
     */
    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
    void sendsWhatIsNotAcknowledgedAgainAndOnlyAfterReconnect(ProtocolVersion version) {
        var first = node.client(version);
        first.connect("c", false, HOUR);
        first.subscribe("a", 2);
        var publisher = v5().connected("p");
        for (var qos : List.of(1, 1, 2, 2, 2)) {
            publisher.publish("a", qos, 1, false, "x").send(new PubrelPacket(1, ReasonCode.SUCCESS));
        }
        first.received();
        first.send(new PubackPacket(1, ReasonCode.SUCCESS)); // 1 is over, 2 is not
        first.send(new PubrecPacket(3, ReasonCode.SUCCESS));
        assertThat(first.received()).containsExactly("PUBREL #3 SUCCESS");
        first.send(new PubrecPacket(4, ReasonCode.SUCCESS)).send(new PubcompPacket(4, ReasonCode.SUCCESS)); // over
        first.received();
        node.pass(Duration.ofHours(1));
        assertThat(first.received()).as("nothing again on the same connection").isEmpty();
        first.drop();

        var second = node.client(version);
        assertThat(second.connect("c", false, HOUR).received())
                .containsExactly(
                        "CONNACK SUCCESS present",
                        "PUBLISH a qos1 #2 dup x",
                        "PUBREL #3 SUCCESS",
                        "PUBLISH a qos2 #5 dup x");
    }

    /** [MQTT-4.4.0-2] */
    @Test
    void doesNotRepeatWhatTheClientRefused() {
        var first = v5();
        first.connect("c", false, HOUR);
        first.subscribe("a", 2);
        v5().connected("p").publish("a", 1, 1, false, "1").publish("a", 2, 2, false, "2");
        first.send(new PubackPacket(1, ReasonCode.NOT_AUTHORIZED));
        first.send(new PubrecPacket(2, ReasonCode.UNSPECIFIED_ERROR));
        assertThat(first.received()).noneMatch(line -> line.startsWith("PUBREL"));
        first.drop();
        assertThat(v5().connect("c", false, HOUR).received()).containsExactly("CONNACK SUCCESS present");
    }

    /** [MQTT-4.3.3-7] [MQTT-4.3.3-13] */
    @Test
    void finishesAQosTwoDeliveryThatExpiredMeanwhile() {
        var first = v5();
        first.connect("c", false, HOUR);
        first.subscribe("a", 2);
        v5().connected("p").sendHex("340d 0001 61 0001 05 0200000005 78 79"); // expires in 5 s
        assertThat(first.received()).endsWith("PUBLISH a qos2 #1 expiry=5 xy");
        first.drop();
        node.pass(Duration.ofSeconds(10));
        var second = v5();
        assertThat(second.connect("c", false, HOUR).received())
                .containsExactly("CONNACK SUCCESS present", "PUBLISH a qos2 #1 dup expiry=0 xy");
        second.send(new PubrecPacket(1, ReasonCode.SUCCESS));
        assertThat(second.received()).containsExactly("PUBREL #1 SUCCESS");
    }

    /**
     * [MQTT-3.3.2-4] [MQTT-3.3.2-15] [MQTT-3.3.2-16] [MQTT-3.3.2-17] [MQTT-3.3.2-18] [MQTT-3.3.2-20]: the bytes arrive as
     * they were sent, also beside an alias that is left out
     */
    @Test
    void passesPropertiesOnUnaltered() {
        var properties =
                "0101" + "03000263740800017209" + "00020102" + "26000162000132" + "26000161000131" + "26000162000132";
        var client = v5().connected("c").subscribe("a", 0);
        client.bytes();
        var publisher = v5().connected("p");
        publisher.sendHex("302a 0001 61 25" + properties + "78");
        assertThat(client.bytes()).isEqualTo("302a" + "000161" + "25" + properties + "78");
        publisher.sendHex("302d 0001 61 28" + properties + "230001" + "78");
        assertThat(client.bytes()).isEqualTo("302a" + "000161" + "25" + properties + "78");
    }

    /** [MQTT-3.3.2-12] [MQTT-3.3.2-7] */
    @Test
    void acceptsEveryAliasItAllowsOnOneConnectionOnly() {
        var watcher = v5().connected("w").subscribe("#", 0);
        watcher.received();
        var publisher = v5().connected("p");
        for (var alias = 1; alias <= 5; alias++) {
            publisher.sendHex("3007 0001 61 03 23000" + alias).sendHex("3006 0000 03 23000" + alias);
        }
        assertThat(watcher.received()).hasSize(10).allMatch(line -> line.startsWith("PUBLISH a qos0"));
        assertThat(v5().connected("p").sendHex("3006 0000 03 230001").received())
                .containsExactly("DISCONNECT PROTOCOL_ERROR", "closed");
    }

    /** [MQTT-3.3.4-9] [MQTT-3.3.4-10] [MQTT-4.9.0-1] [MQTT-4.9.0-2] [MQTT-4.9.0-3] */
    @Test
    void sendsNoMoreThanTheClientTakesAndEverythingElseMeanwhile() {
        var client = v5();
        client.connect("c", new ConnectProperties(0, 2, Packet.SIZE_MAX, 0, false, true, List.of(), Optional.empty()));
        client.subscribe("a", 2);
        client.received();
        var publisher = v5().connected("p");
        for (var i = 1; i <= 4; i++) {
            publisher.publish("a", 1 + i % 2, i, false, "" + i);
        }
        publisher.publish("a", 0, 0, false, "0");
        assertThat(client.received()).containsExactly("PUBLISH a qos2 #1 1", "PUBLISH a qos1 #2 2", "PUBLISH a qos0 0");
        client.send(PingreqPacket.INSTANCE).subscribe("b", 0);
        client.send(new PubrecPacket(1, ReasonCode.SUCCESS));
        client.publish("nobody", 2, 9, false, "x");
        assertThat(client.received())
                .containsExactly(
                        "PINGRESP", "SUBACK [SUCCESS]", "PUBREL #1 SUCCESS", "PUBREC #9 NO_MATCHING_SUBSCRIBERS");
        client.send(new PubcompPacket(1, ReasonCode.SUCCESS));
        assertThat(client.received()).containsExactly("PUBLISH a qos2 #3 3");
        client.send(new PubackPacket(2, ReasonCode.SUCCESS));
        assertThat(client.received()).containsExactly("PUBLISH a qos1 #4 4");
    }

    /** [MQTT-3.3.4-7] */
    @Test
    void endsAClientThatDoesNotWaitForAcknowledgements() {
        node.retained.holdUp(); // So that nothing is acknowledged.
        var client = v5().connected("c");
        for (var i = 1; i <= 10; i++) {
            client.publish("a", 1 + i % 2, i, true, "x");
        }
        client.publish("a", 0, 0, false, "not counted");
        assertThat(client.received()).isEmpty();
        assertThat(client.publish("a", 1, 11, true, "x").received())
                .containsExactly("DISCONNECT RECEIVE_MAXIMUM_EXCEEDED", "closed");
        var older = v3().connected("older"); // 3.1.1 has no such maximum.
        for (var i = 1; i <= 50; i++) {
            older.publish("a", 1, i, true, "x");
        }
        assertThat(older.received()).isEmpty();
    }

    /** [MQTT-3.1.2-24] [MQTT-3.1.2-25] */
    @Test
    void sendsNothingLargerThanTheClientTakes() {
        var client = v5();
        client.connect("c", new ConnectProperties(0, 1, 30, 0, false, true, List.of(), Optional.empty()));
        client.subscribe("a", 1);
        client.received();
        var other = v5().connected("other").subscribe("a", 1);
        other.received();
        var publisher = v5().connected("p");
        var large = "x".repeat(23);
        var fits = "x".repeat(22);
        publisher
                .publish("a", 1, 1, false, large)
                .publish("a", 1, 2, false, fits)
                .publish("a", 0, 0, false, large + "yy");
        assertThat(client.received()).containsExactly("PUBLISH a qos1 #2 " + fits);
        assertThat(other.received()).hasSize(3);
        assertThat(node.count("mqtt_queue_drops", "reason", "too_large")).isEqualTo(2);
    }

    /** [MQTT-4.6.0-5] [MQTT-4.6.0-6] [MQTT3-4.6.0-5] [MQTT3-4.6.0-6] */
    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
    void keepsAPublishersOrder(ProtocolVersion version) {
        var client = node.client(version, 1).connected("c").subscribe("#", 2);
        client.received();
        var publisher = node.client(version).connected("p");
        var sent = new ArrayList<String>();
        for (var i = 0; i < 9; i++) {
            publisher.publish("a", i % 3, i % 3 == 0 ? 0 : i, false, "" + i);
            sent.add("" + i);
        }
        assertThat(client.received().stream().map(line -> line.substring(line.length() - 1)))
                .isEqualTo(sent);
    }

    /** [MQTT-4.5.0-1] [MQTT3-4.5.0-1] [MQTT3-3.1.2-5] */
    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
    void keepsQosOneAndTwoForTheAbsent(ProtocolVersion version) {
        var first = node.client(version);
        first.connect("c", false, HOUR);
        first.subscribe("a", 2);
        first.drop();
        v5().connected("p")
                .publish("a", 1, 1, false, "1")
                .publish("a", 2, 2, false, "2")
                .publish("a", 0, 0, false, "0");
        assertThat(node.client(version).connect("c", false, HOUR).received())
                .containsExactly("CONNACK SUCCESS present", "PUBLISH a qos1 #1 1", "PUBLISH a qos2 #2 2");
    }

    /**
     * [MQTT-3.3.1-5] [MQTT-3.3.1-6] [MQTT-3.3.1-7] [MQTT-3.3.1-8] [MQTT3-3.3.1-5] [MQTT3-3.3.1-6] [MQTT3-3.3.1-7]
     * [MQTT3-3.3.1-8] [MQTT3-3.3.1-10] [MQTT3-3.3.1-11] [MQTT3-3.3.1-12]
     */
    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
    void retainsTheLastMessageOfATopic(ProtocolVersion version) {
        var publisher = node.client(version).connected("p");
        publisher.publish("a", 2, 1, true, "old").publish("a", 1, 2, true, "new");
        publisher.publish("a", 1, 3, false, "not retained").publish("a", 0, 0, false, "");
        publisher.publish("b", 1, 4, true, "old").publish("b", 0, 0, true, "new");
        publisher.publish("c", 1, 5, true, "gone").publish("c", 1, 6, true, "");
        assertThat(node.client(version).connected("c").subscribe("#", 2).received())
                .containsExactly("SUBACK [GRANTED_QOS_2]", "PUBLISH a qos1 #1 retain new", "PUBLISH b qos0 retain new");
    }

    /** [MQTT3-3.3.1-9] [MQTT-3.3.1-12] */
    @Test
    void clearsTheRetainFlagForASubscriptionThatExists() {
        var client = v3().connected("c").subscribe("a", 1);
        client.received();
        v3().connected("p").publish("a", 1, 1, true, "x");
        assertThat(client.received()).containsExactly("PUBLISH a qos1 #1 x");
    }

    /** [MQTT-3.3.2-3] [MQTT-4.7.2-1] [MQTT-4.7.3-4] [MQTT3-3.3.2-3] [MQTT3-4.7.2-1] [MQTT3-4.7.3-4] [MQTT3-3.8.3-2] */
    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
    void matchesTopicsCharacterByCharacter(ProtocolVersion version) {
        assertThat(arrive(version, "a/+/c", "a/b/c")).isTrue();
        assertThat(arrive(version, "a/#", "a")).isTrue();
        assertThat(arrive(version, "+", "/a")).isFalse();
        assertThat(arrive(version, "a", "A")).isFalse();
        assertThat(arrive(version, "/a", "a")).isFalse();
        assertThat(arrive(version, "a/", "a")).isFalse();
        assertThat(arrive(version, "\u00C5", "A\u030A"))
                .as("not the same bytes")
                .isFalse();
        assertThat(arrive(version, "#", "$a/b")).isFalse();
        assertThat(arrive(version, "+/b", "$a/b")).isFalse();
        assertThat(arrive(version, "$a/#", "$a/b")).isTrue();
    }

    private boolean arrive(ProtocolVersion version, String filter, String topic) {
        var client = node.client(version).connected("c").subscribe(filter, 0);
        client.received();
        node.client(version).connected("p").publish(topic, 0, 0, false, "x");
        var received = client.received();
        assertThat(received).isIn(List.of(), List.of("PUBLISH " + topic + " qos0 x"));
        client.drop();
        return !received.isEmpty();
    }

    /** [MQTT-3.8.4-8] [MQTT3-3.8.4-6] */
    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
    void deliversAtTheLowerQos(ProtocolVersion version) {
        for (var granted = 0; granted <= 2; granted++) {
            var client = node.client(version).connected("c" + granted).subscribe("a", granted);
            client.received();
            for (var published = 0; published <= 2; published++) {
                v5().connected("p").publish("a", published, published == 0 ? 0 : 1, false, "x");
                assertThat(client.received())
                        .first()
                        .asString()
                        .startsWith("PUBLISH a qos" + Math.min(granted, published));
            }
        }
    }

    /** [MQTT3-3.3.5-1] [MQTT-3.3.4-2] */
    @Test
    void deliversAtTheHighestQosOfOverlappingSubscriptions() {
        var client = v3().connected("c").subscribe("a/#", 0).subscribe("a/b", 2).subscribe("+/b", 1);
        client.received();
        v3().connected("p").publish("a/b", 2, 1, false, "x");
        assertThat(client.received()).containsExactly("PUBLISH a/b qos2 #1 x");
    }

    /** [MQTT3-3.3.5-2] [MQTT3-4.8.0-2] */
    @Test
    void acknowledgesOrClosesWhatItCannotTakeBefore5() {
        assertThat(v3().connected("a").publish("$SYS/x", 1, 1, false, "x").received())
                .containsExactly("PUBACK #1 SUCCESS");
        node.retained.holdUp();
        var client = v3().connected("b").publish("a", 1, 1, true, "x", PublishProperties.NONE);
        node.retained.storeHeldUp(0x97);
        assertThat(client.received()).containsExactly("closed");
    }

    private EmbeddedClient v5() {
        return node.client(ProtocolVersion.MQTT_5);
    }

    private EmbeddedClient v3() {
        return node.client(ProtocolVersion.MQTT_3_1_1);
    }
}
