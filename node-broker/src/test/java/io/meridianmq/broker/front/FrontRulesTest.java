package io.meridianmq.broker.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.broker.packet.Authentication;
import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.ConnectPacket;
import io.meridianmq.broker.packet.ConnectProperties;
import io.meridianmq.broker.packet.DisconnectPacket;
import io.meridianmq.broker.packet.DisconnectProperties;
import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.PingreqPacket;
import io.meridianmq.broker.packet.Properties;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PubackPacket;
import io.meridianmq.broker.packet.PublishMessage;
import io.meridianmq.broker.packet.PublishProperties;
import io.meridianmq.broker.packet.PubrelPacket;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.packet.RetainHandling;
import io.meridianmq.broker.packet.Subscription;
import io.meridianmq.broker.packet.UnsubscribePacket;
import io.meridianmq.broker.packet.Will;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.topic.TopicFilter;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a connection does with packets, one rule of the specification after the other. */
@ParameterizedClass
@EnumSource(EmbeddedNode.Sessions.class)
final class FrontRulesTest {

    private final EmbeddedNode node;

    FrontRulesTest(EmbeddedNode.Sessions sessions) {
        node = new EmbeddedNode(2, sessions);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test // [MQTT-3.1.0-1]
    void closesAConnectionThatDoesNotBeginWithConnect() {
        assertThat(v5().send(PingreqPacket.INSTANCE).received()).containsExactly("closed");
        assertThat(v5().publish("a", 0, 0, false, "x").received()).containsExactly("closed");
        assertThat(v5().sendBytes(Unpooled.wrappedBuffer("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)))
                        .received())
                .containsExactly("closed");
    }

    @Test // [MQTT-3.1.0-2]
    void endsAConnectionWithASecondConnect() {
        var client = v5().connected("c");
        assertThat(client.connect("c", true, 0).received()).containsExactly("DISCONNECT PROTOCOL_ERROR", "closed");
    }

    @Test // MQTT 5, section 3.1.4
    void closesAClientThatTakesTooLongToConnect() {
        var client = v5();
        node.pass(Duration.ofSeconds(9));
        assertThat(client.received()).isEmpty();
        node.pass(Duration.ofSeconds(2));
        assertThat(client.received()).containsExactly("closed");
    }

    @Test // [MQTT-3.1.2-22]
    void endsAClientThatIsSilentForOneAndAHalfTimesItsKeepAlive() {
        var five = v5().connect("five", true, 10, 0, Optional.empty());
        var three = v3().connect("three", true, 10, 0, Optional.empty());
        assertThat(five.received()).containsExactly("CONNACK SUCCESS");
        assertThat(three.received()).containsExactly("CONNACK SUCCESS");
        node.pass(Duration.ofSeconds(14));
        assertThat(five.send(PingreqPacket.INSTANCE).received()).containsExactly("PINGRESP"); // [MQTT-3.12.4-1]
        node.pass(Duration.ofSeconds(2));
        assertThat(three.received()).containsExactly("closed");
        node.pass(Duration.ofSeconds(14));
        assertThat(five.received()).containsExactly("DISCONNECT KEEP_ALIVE_TIMEOUT", "closed");
    }

    @ParameterizedTest
    @CsvSource({
        // CONNECT of MQTT with protocol level 2; malformed ones; then what is said before the connection closes
        "100C00044D5154540202003C00000000, CONNACK UNSUPPORTED_PROTOCOL_VERSION",
        "100C00044D5154540403003C00000000, ''",
    })
    void refusesAConnectItCannotAccept(String bytes, String said) {
        var received = v3().sendBytes(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(bytes)))
                .received();
        assertThat(received).isEqualTo(said.isEmpty() ? List.of("closed") : List.of(said, "closed"));
    }

    @Test // [MQTT-3.1.3-6] [MQTT-3.2.2-16] [MQTT3-3.1.3-6] [MQTT3-3.1.3-8]
    void givesAnIdentifierToAClientWithoutOne() {
        assertThat(v5().connect("", true, 0).received()).containsExactly("CONNACK SUCCESS assigned");
        assertThat(v3().connect("", true, 0).received()).containsExactly("CONNACK SUCCESS");
        assertThat(v3().connect("", false, 0).received())
                .containsExactly("CONNACK CLIENT_IDENTIFIER_NOT_VALID", "closed");
    }

    @Test // [MQTT-4.12.0-1]
    void refusesAnAuthenticationMethod() {
        var properties = new ConnectProperties(
                0,
                10,
                Packet.SIZE_MAX,
                0,
                false,
                true,
                List.of(),
                Optional.of(new Authentication("magic", BinaryData.EMPTY)));
        var connect = new ConnectPacket(
                ProtocolVersion.MQTT_5, true, 0, "c", Optional.empty(), Optional.empty(), Optional.empty(), properties);
        assertThat(v5().send(connect).received()).containsExactly("CONNACK BAD_AUTHENTICATION_METHOD", "closed");
    }

    @ParameterizedTest
    @CsvSource({
        "F800, MALFORMED_PACKET", // AUTH with flags
        "30050002612300, TOPIC_NAME_INVALID", // PUBLISH to a#
        "32050001610000, PROTOCOL_ERROR", // PUBLISH with QoS 1 and packet identifier 0 [MQTT-2.2.1-3]
        "3605000161000100, MALFORMED_PACKET", // PUBLISH with QoS 3 [MQTT-3.3.1-4]
        "820700010000016103, PROTOCOL_ERROR", // SUBSCRIBE with QoS 3
        "820700010000016140, MALFORMED_PACKET", // SUBSCRIBE with a reserved option [MQTT-3.8.3-5]
        "2003000000, PROTOCOL_ERROR", // CONNACK from a client
        "30E907, PACKET_TOO_LARGE", // a PUBLISH of 1,004 bytes
    })
    void endsAConnectionThatBreaksTheRules(String bytes, String reason) { // [MQTT-4.13.1-1] [MQTT-3.14.4-2]
        var client = v5().connected("c");
        client.sendBytes(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(bytes.replace(" ", ""))));
        var received = client.received();
        assertThat(received).containsExactly("DISCONNECT " + reason, "closed");
    }

    @Test // [MQTT-3.3.2-9], MQTT 5, section 3.3.2.3.4
    void resolvesTopicAliases() {
        var subscriber = v5().connected("s").subscribe("#", 0);
        subscriber.received();
        var publisher = v5().connected("p");
        publisher.publish("a/b", 0, 0, false, "1", alias(3));
        publisher.publish("", 0, 0, false, "2", alias(3));
        assertThat(subscriber.received()).containsExactly("PUBLISH a/b qos0 1", "PUBLISH a/b qos0 2");
        assertThat(publisher.publish("", 0, 0, false, "3", alias(4)).received())
                .containsExactly("DISCONNECT PROTOCOL_ERROR", "closed");
        assertThat(v5().connected("q").publish("a", 0, 0, false, "3", alias(6)).received())
                .containsExactly("DISCONNECT TOPIC_ALIAS_INVALID", "closed");
    }

    @Test // MQTT 5, section 3.14.2.2.2
    void refusesAnExpiryThatConnectDidNotHave() {
        var client = v5().connected("c");
        client.send(
                new DisconnectPacket(ReasonCode.NORMAL_DISCONNECTION, new DisconnectProperties(60, "", List.of(), "")));
        assertThat(client.received()).containsExactly("DISCONNECT PROTOCOL_ERROR", "closed");
    }

    @ParameterizedTest // [MQTT-3.1.4-3]
    @CsvSource({"0", "1"}) // The second connection is on the first one's loop, or on another.
    void takesASessionOver(int loop) {
        var first = v5();
        assertThat(first.connect("c", false, 60).received()).containsExactly("CONNACK SUCCESS");
        first.subscribe("a", 1);
        first.received();
        var second = node.client(ProtocolVersion.MQTT_5, loop);
        assertThat(second.connect("c", false, 60).received()).containsExactly("CONNACK SUCCESS present");
        assertThat(first.received()).containsExactly("DISCONNECT SESSION_TAKEN_OVER", "closed");
        second.publish("a", 1, 7, false, "x");
        assertThat(second.received()).containsExactlyInAnyOrder("PUBLISH a qos1 #1 x", "PUBACK #7 SUCCESS");
        assertThat(node.count("mqtt_session_takeovers")).isEqualTo(1);
    }

    @ParameterizedTest // [MQTT-4.4.0-1]
    @CsvSource({"0", "1"})
    void resumesASessionWithItsFlows(int loop) {
        var first = v5();
        first.connect("c", false, 60);
        first.subscribe("a", 2);
        first.publish("a", 2, 7, false, "x");
        assertThat(first.received())
                .containsExactly(
                        "CONNACK SUCCESS", "SUBACK [GRANTED_QOS_2]", "PUBLISH a qos2 #1 x", "PUBREC #7 SUCCESS");
        first.drop();
        var second = node.client(ProtocolVersion.MQTT_5, loop);
        second.connect("c", false, 60);
        assertThat(second.received()).containsExactly("CONNACK SUCCESS present", "PUBLISH a qos2 #1 dup x");
        second.send(new PubrelPacket(7, ReasonCode.SUCCESS));
        assertThat(second.received()).containsExactly("PUBCOMP #7 SUCCESS");
    }

    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
    void carriesEveryQos(ProtocolVersion version) {
        var client = node.client(version).connected("c");
        client.subscribe("a/+", 2);
        client.publish("a/0", 0, 0, false, "0");
        client.publish("a/1", 1, 1, false, "1");
        client.publish("a/2", 2, 2, false, "2");
        client.send(new PubrelPacket(2, ReasonCode.SUCCESS));
        assertThat(client.received())
                .containsExactly(
                        "SUBACK [GRANTED_QOS_2]",
                        "PUBLISH a/0 qos0 0",
                        "PUBLISH a/1 qos1 #1 1",
                        "PUBACK #1 SUCCESS",
                        "PUBLISH a/2 qos2 #2 2",
                        "PUBREC #2 SUCCESS",
                        "PUBCOMP #2 SUCCESS");
    }

    @Test // MQTT 5, section 3.4.2.1
    void tellsAPublisherThatNobodySubscribed() {
        assertThat(v5().connected("c").publish("a", 1, 1, false, "x").received())
                .containsExactly("PUBACK #1 NO_MATCHING_SUBSCRIBERS");
        assertThat(v3().connected("d").publish("a", 1, 1, false, "x").received())
                .containsExactly("PUBACK #1 SUCCESS");
    }

    @Test // [MQTT-3.3.4-2] [MQTT-3.3.4-3] [MQTT-3.3.4-4]
    void sendsOneCopyForOverlappingSubscriptions() {
        var client = v5().connected("c");
        client.subscribe(5, new Subscription(TopicFilter.of("a/#"), Qos.AT_MOST_ONCE));
        client.subscribe(6, new Subscription(TopicFilter.of("a/b"), Qos.AT_LEAST_ONCE));
        client.received();
        client.publish("a/b", 1, 1, false, "x");
        assertThat(client.received()).containsExactly("PUBLISH a/b qos1 #1 ids x", "PUBACK #1 SUCCESS");
    }

    @Test // [MQTT-3.8.3-3]
    void keepsOwnMessagesFromANoLocalSubscription() {
        var client = v5().connected("c");
        client.subscribe(0, new Subscription(TopicFilter.of("a"), Qos.AT_MOST_ONCE, true, false, RetainHandling.SEND));
        client.received();
        client.publish("a", 0, 0, false, "mine");
        v5().connected("d").publish("a", 0, 0, false, "theirs");
        assertThat(client.received()).containsExactly("PUBLISH a qos0 theirs");
    }

    @Test // [MQTT-3.10.4-1] [MQTT-3.11.3-1]
    void stopsDeliveringAfterUnsubscribe() {
        var client = v5().connected("c").subscribe("a", 0);
        client.received();
        client.send(new UnsubscribePacket(2, List.of(TopicFilter.of("a"), TopicFilter.of("b")), List.of()));
        client.publish("a", 0, 0, false, "x");
        assertThat(client.received()).containsExactly("UNSUBACK [SUCCESS, NO_SUBSCRIPTION_EXISTED]");
    }

    @Test // [MQTT-3.3.1-5] [MQTT-3.3.1-6] [MQTT-3.3.1-9] [MQTT-3.3.1-10] [MQTT-3.3.1-11]
    void sendsRetainedMessagesAsTheSubscriptionAsks() {
        var client = v5().connected("c");
        client.publish("a", 1, 1, true, "kept");
        client.publish("b", 0, 0, true, "cleared");
        client.publish("b", 0, 0, true, "");
        client.received();
        client.subscribe(0, subscription(RetainHandling.SEND));
        assertThat(client.received()).containsExactly("SUBACK [GRANTED_QOS_1]", "PUBLISH a qos1 #1 retain kept");
        client.subscribe(0, subscription(RetainHandling.SEND_IF_NEW));
        client.subscribe(0, subscription(RetainHandling.DO_NOT_SEND));
        assertThat(client.received()).containsExactly("SUBACK [GRANTED_QOS_1]", "SUBACK [GRANTED_QOS_1]");
    }

    @Test // [MQTT-3.3.1-12] [MQTT-3.3.1-13]
    void keepsTheRetainFlagIfTheSubscriberWantsIt() {
        var plain = v5().connected("plain").subscribe("a", 0);
        var asPublished = v5().connected("as-published");
        asPublished.subscribe(
                0, new Subscription(TopicFilter.of("a"), Qos.AT_MOST_ONCE, false, true, RetainHandling.SEND));
        plain.received();
        asPublished.received();
        v5().connected("p").publish("a", 0, 0, true, "x");
        assertThat(plain.received()).containsExactly("PUBLISH a qos0 x");
        assertThat(asPublished.received()).containsExactly("PUBLISH a qos0 retain x");
    }

    @Test // [MQTT-3.3.2-5] [MQTT-3.3.2-6]
    void countsTheMessageExpiryDown() {
        var first = v5();
        first.connect("c", false, 60);
        first.subscribe("a", 1);
        first.drop();
        var publisher = v5().connected("p");
        publisher.publish("a", 1, 1, false, "long", expiry(30));
        publisher.publish("a", 1, 2, false, "short", expiry(5));
        node.pass(Duration.ofSeconds(10));
        var second = v5().connect("c", false, 60);
        assertThat(second.received()).containsExactly("CONNACK SUCCESS present", "PUBLISH a qos1 #1 expiry=20 long");
        assertThat(node.count("mqtt_queue_drops", "reason", "expired")).isEqualTo(1);
    }

    @Test // [MQTT-3.1.2-8] [MQTT-3.1.2-10] [MQTT-3.14.4-3] [MQTT-3.1.3-9]
    void publishesTheWillUnlessTheClientSaysGoodbye() {
        var watcher = v5().connected("w").subscribe("gone/#", 0);
        watcher.received();
        v5().connect("lost", true, 0, 0, will("gone/lost", 0)).drop();
        v5().connect("polite", true, 0, 0, will("gone/polite", 0))
                .send(new DisconnectPacket(ReasonCode.NORMAL_DISCONNECTION, DisconnectProperties.NONE));
        v5().connect("asks", true, 0, 0, will("gone/asks", 0))
                .send(new DisconnectPacket(ReasonCode.DISCONNECT_WITH_WILL_MESSAGE, DisconnectProperties.NONE));
        assertThat(watcher.received()).containsExactly("PUBLISH gone/lost qos0 bye", "PUBLISH gone/asks qos0 bye");

        v5().connect("late", true, 0, 60, will("gone/late", 5)).drop();
        v5().connect("back", true, 0, 60, will("gone/back", 5)).drop();
        node.pass(Duration.ofSeconds(4));
        assertThat(v5().connect("back", false, 60).received()).containsExactly("CONNACK SUCCESS present");
        node.pass(Duration.ofSeconds(2));
        assertThat(watcher.received()).containsExactly("PUBLISH gone/late qos0 bye");
    }

    @Test
    void stopsReadingAClientThatIsTooFarAheadAndGoesOnLater() {
        node.retained.holdUp();
        var client = v3().connect("c", true, 20, 0, Optional.empty());
        for (var i = 1; i <= 99; i++) {
            client.publish("a", 1, i, true, "x");
        }
        assertThat(client.channel().config().isAutoRead()).isTrue();
        client.publish("a", 1, 100, true, "x");
        assertThat(client.channel().config().isAutoRead()).isFalse();
        node.pass(Duration.ofSeconds(100)); // Its silence is not its fault.
        assertThat(client.received()).containsExactly("CONNACK SUCCESS");
        node.retained.storeHeldUp(0);
        assertThat(client.received()).hasSize(100).last().isEqualTo("PUBACK #100 SUCCESS");
        assertThat(client.channel().config().isAutoRead()).isTrue();
    }

    @Test
    void tellsAPublisherThatItsRetainedMessageCouldNotBeKept() {
        node.retained.holdUp();
        var five = v5().connected("five").publish("a", 1, 1, true, "x");
        var three = v3().connected("three").publish("a", 1, 1, true, "x");
        assertThat(five.received()).isEmpty();
        node.retained.storeHeldUp(0x97);
        assertThat(five.received()).containsExactly("PUBACK #1 QUOTA_EXCEEDED");
        assertThat(three.received()).containsExactly("closed");
    }

    @ParameterizedTest
    @CsvSource({"0", "1"})
    void dropsQosZeroForASlowClientAndKeepsTheRest(int loop) {
        node.client(ProtocolVersion.MQTT_5, 0, EmbeddedNode.Sessions.HERE)
                .connect("slow", false, 60)
                .drop();
        var slow = node.client(ProtocolVersion.MQTT_5, loop, EmbeddedNode.Sessions.HERE);
        slow.connect("slow", false, 60);
        slow.subscribe("a", 1);
        slow.received();
        var outbound = slow.channel().unsafe().outboundBuffer();
        outbound.setUserDefinedWritability(1, false);
        var publisher = v5().connected("p");
        publisher.publish("a", 0, 0, false, "dropped");
        publisher.publish("a", 1, 1, false, "queued");
        assertThat(slow.received()).isEmpty();
        assertThat(node.count("mqtt_queue_drops", "reason", "slow_consumer")).isEqualTo(1);
        outbound.setUserDefinedWritability(1, true);
        node.run();
        assertThat(slow.received()).containsExactly("PUBLISH a qos1 #1 queued");
        slow.send(new PubackPacket(1, ReasonCode.SUCCESS));
        assertThat(slow.received()).isEmpty();
    }

    @Test // MQTT 5, section 4.8.2
    void sharesMessagesAmongTheConnectedMembersOfAGroup() {
        var a = v5().connected("a").subscribe("$share/g/t", 1);
        var b = node.client(ProtocolVersion.MQTT_5, 1).connected("b").subscribe("$share/g/t", 1);
        a.received();
        b.received();
        var publisher = v5().connected("p");
        for (var i = 1; i <= 10; i++) {
            publisher.publish("t", 1, i, false, "x");
        }
        assertThat(a.received()).hasSize(5);
        assertThat(b.received()).hasSize(5);
        b.drop(); // Its session ends with it: what it did not acknowledge goes to the other member.
        assertThat(a.received()).hasSize(5);
        publisher.publish("t", 1, 11, false, "last");
        assertThat(a.received()).containsExactly("PUBLISH t qos1 #11 last");
    }

    private EmbeddedClient v5() {
        return node.client(ProtocolVersion.MQTT_5);
    }

    private EmbeddedClient v3() {
        return node.client(ProtocolVersion.MQTT_3_1_1);
    }

    private static Subscription subscription(RetainHandling handling) {
        return new Subscription(TopicFilter.of("#"), Qos.AT_LEAST_ONCE, false, false, handling);
    }

    private static Optional<Will> will(String topic, long delaySeconds) {
        var payload = BinaryData.of((byte) 'b', (byte) 'y', (byte) 'e');
        return Optional.of(new Will(
                new PublishMessage(topic, payload, Qos.AT_MOST_ONCE, false, PublishProperties.NONE), delaySeconds));
    }

    private static PublishProperties alias(int alias) {
        return properties(alias, Properties.ABSENT);
    }

    private static PublishProperties expiry(long seconds) {
        return properties(0, seconds);
    }

    private static PublishProperties properties(int alias, long expirySeconds) {
        return new PublishProperties(
                Properties.ABSENT, expirySeconds, alias, "", Optional.empty(), List.of(), List.of(), Optional.empty());
    }
}
