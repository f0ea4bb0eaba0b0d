package io.meridianmq.broker.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.broker.access.AccessConfig.Mqtt3DeniedPublish;
import io.meridianmq.broker.access.AclText;
import io.meridianmq.broker.front.EmbeddedNode.Sessions;
import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.ConnectProperties;
import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PubackPacket;
import io.meridianmq.broker.packet.PublishMessage;
import io.meridianmq.broker.packet.PublishProperties;
import io.meridianmq.broker.packet.PubrecPacket;
import io.meridianmq.broker.packet.PubrelPacket;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.packet.Will;
import io.meridianmq.broker.remote.NoSessionsYet;
import io.meridianmq.core.link.StreamItem;
import io.meridianmq.core.publication.CanonicalBytes;
import io.meridianmq.core.publication.Qos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients whose sessions are at another node, beyond what holds for all clients and is tested for them as well: what may be
 * on its way, and what becomes of clients and sessions when nodes lose each other.
 */
final class RemoteSessionsTest {

    private static final long HOUR = 3_600;
    private static final byte PUBLISH = 0x02;
    private static final byte DELIVER = 0x43;

    /** The first connection of the first of two loops. */
    private static final long FIRST_CONNECTION = 2;

    private final EmbeddedNode node = new EmbeddedNode(2, Sessions.AT_ANOTHER_NODE);

    @AfterEach
    void close() {
        node.close();
        assertThat(gauge("meridian_clients_elsewhere")).isZero();
        assertThat(node.metersElsewhere
                        .get("meridian_sessions_elsewhere")
                        .gauge()
                        .value())
                .isZero();
    }

    @Test
    void aClientGoesOnWithItsSessionAtAnyNode() {
        var client = elsewhere().connect("c", false, HOUR).subscribe("a", 2);
        assertThat(client.received()).containsExactly("CONNACK SUCCESS", "SUBACK [GRANTED_QOS_2]");
        assertThat(gauge("meridian_clients_elsewhere")).isEqualTo(1);
        client.drop();
        here().connected("p").publish("a", 2, 1, false, "x");
        var back = here().connect("c", false, HOUR);
        assertThat(back.received()).containsExactly("CONNACK SUCCESS present", "PUBLISH a qos2 #1 x");
        var again = elsewhere().connect("c", false, HOUR);
        assertThat(back.received()).containsExactly("DISCONNECT SESSION_TAKEN_OVER", "closed");
        assertThat(again.received()).containsExactly("CONNACK SUCCESS present", "PUBLISH a qos2 #1 dup x");
        again.send(new PubrecPacket(1, ReasonCode.SUCCESS));
        assertThat(again.received()).containsExactly("PUBREL #1 SUCCESS");
        var last = node.client(ProtocolVersion.MQTT_3_1_1, 1).connect("c", false, 0);
        assertThat(again.received()).containsExactly("DISCONNECT SESSION_TAKEN_OVER", "closed");
        assertThat(last.received()).containsExactly("CONNACK SUCCESS present", "PUBREL #1 SUCCESS");
    }

    @Test
    void aQosTwoMessageIsTakenInOnceThoughItsClientComesBackElsewhere() {
        var watcher = here().connected("w").subscribe("a", 0);
        watcher.received();
        elsewhere().connect("p", false, HOUR).publish("a", 2, 7, false, "once").drop();
        var back = here().connect("p", false, HOUR).publish("a", 2, 7, false, "once");
        back.send(new PubrelPacket(7, ReasonCode.SUCCESS));
        assertThat(back.received())
                .containsExactly("CONNACK SUCCESS present", "PUBREC #7 SUCCESS", "PUBCOMP #7 SUCCESS");
        assertThat(watcher.received()).containsExactly("PUBLISH a qos0 once");
    }

    @Test
    void anOperatorSeesTheConnectionAtTheOtherNode() {
        elsewhere().connect("c", 30, ConnectProperties.NONE);
        var view = node.look("c").orElseThrow().connection().orElseThrow();
        assertThat(view.protocol()).isEqualTo("MQTT 5");
        assertThat(view.keepAliveSeconds()).isEqualTo(30);
        assertThat(node.disconnect("c")).isTrue();
    }

    @Test
    void aSlowClientIsSentNoMoreThanItsFrontHasCreditFor() {
        var slow = elsewhere().connected("slow").subscribe("a", 0);
        slow.received();
        var outbound = slow.channel().unsafe().outboundBuffer();
        outbound.setUserDefinedWritability(1, false);
        var publisher = here().connected("p");
        var sent = 400;
        for (var i = 0; i < sent; i++) {
            publisher.publish("a", 0, 0, false, "x".repeat(900));
        }
        var passed = slow.received().size();
        assertThat(passed).isBetween(270, 290); // 256 KB, with what is said of each message
        assertThat(node.count("mqtt_queue_drops", "reason", "slow_consumer")).isEqualTo(sent - passed);
        outbound.setUserDefinedWritability(1, true);
        node.run();
        publisher.publish("a", 0, 0, false, "again");
        assertThat(slow.received()).containsExactly("PUBLISH a qos0 again");
    }

    @Test
    void aClientThatTakesWhatItIsSentMissesNothing() {
        var client = elsewhere().connected("c").subscribe("a", 0);
        client.received();
        var publisher = here().connected("p");
        var received = 0;
        for (var i = 0; i < 2_000; i++) {
            publisher.publish("a", 0, 0, false, "x".repeat(900));
            received += client.received().size();
        }
        assertThat(received).isEqualTo(2_000);
    }

    @Test
    void whatManyClientsOfOneFrontAreSentWaitsForRoomOnTheWay() {
        node.withPacketsUpTo(200_000);
        var clients = new ArrayList<EmbeddedClient>();
        for (var i = 0; i < 40; i++) {
            clients.add(node.client(ProtocolVersion.MQTT_5, i % 2)
                    .connected("c" + i)
                    .subscribe("a", 1));
            clients.getLast().received();
        }
        node.joined.hold();
        var publisher = here().connected("p");
        for (var i = 1; i <= 4; i++) {
            publisher.publish("a", 1, i, false, "x".repeat(100_000));
        }
        assertThat(node.joined.heldBytes()).isBetween(8L << 20, 9L << 20);
        node.joined.goOn();
        for (var client : clients) {
            assertThat(client.received()).hasSize(4);
        }
    }

    @Test
    void publishesAreRefusedWhenTooMuchIsOnItsWayToTheirSessions() {
        node.withPacketsUpTo(200_000);
        var client = elsewhere().connected("c");
        node.joined.hold();
        for (var i = 1; i <= 100; i++) {
            client.publish("a", 1, i, false, "x".repeat(100_000));
        }
        client.publish("a", 0, 0, false, "dropped");
        assertThat(node.joined.heldBytes()).isBetween(8L << 20, 9L << 20);
        node.joined.goOn();
        var answers = client.received();
        assertThat(answers).hasSize(100);
        assertThat(answers.getFirst()).isEqualTo("PUBACK #1 NO_MATCHING_SUBSCRIBERS");
        assertThat(answers.getLast()).isEqualTo("PUBACK #100 QUOTA_EXCEEDED");
        var refused =
                node.metersElsewhere.get("meridian_session_stream_refused").counter();
        assertThat(refused.count()).isBetween(10.0, 20.0);
        assertThat(client.publish("a", 1, 101, false, "x").received())
                .containsExactly("PUBACK #101 NO_MATCHING_SUBSCRIBERS");
    }

    @ParameterizedTest
    @EnumSource(names = {"MQTT_3_1_1", "MQTT_5"})
    void whenNodesLoseEachOtherTheClientsGoElsewhereAndTheSessionsWait(ProtocolVersion version) {
        var watcher = here().connected("w").subscribe("will", 0);
        watcher.received();
        var payload = BinaryData.of((byte) 'b', (byte) 'y', (byte) 'e');
        var will = new PublishMessage("will", payload, Qos.AT_MOST_ONCE, false, PublishProperties.NONE);
        var client = node.client(version).connect("c", false, 0, HOUR, Optional.of(new Will(will, 0)));
        client.subscribe("a", 1).received();
        node.joined.end();
        assertThat(client.received())
                .isEqualTo(
                        version.hasProperties()
                                ? List.of("DISCONNECT USE_ANOTHER_SERVER", "closed")
                                : List.of("closed"));
        assertThat(watcher.received()).containsExactly("PUBLISH will qos0 bye");
        assertThat(node.look("c").orElseThrow().connection()).isEmpty();
        here().connected("p").publish("a", 1, 1, false, "x");
        assertThat(node.client(version).connect("c", false, HOUR).received())
                .containsExactly("CONNACK SUCCESS present", "PUBLISH a qos1 #1 x");
    }

    @Test
    void aSessionLearnsFromItsFrontThatNodesLostEachOtherIfTheFrontNoticesFirst() {
        var client = elsewhere().connect("c", false, HOUR);
        client.received();
        node.joined.endFor(node.joined.second());
        assertThat(client.received()).containsExactly("DISCONNECT USE_ANOTHER_SERVER", "closed");
        assertThat(node.look("c").orElseThrow().connection()).isEmpty();
        assertThat(gauge("meridian_clients_elsewhere")).isZero();
    }

    @Test
    void aClientThatComesWhileItsFrontHasNotNoticedIsNotForgottenThere() {
        var early = elsewhere().connect("early", false, HOUR);
        node.joined.endFor(node.joined.first()); // The session's node has noticed.
        var late = elsewhere().connect("late", false, HOUR);
        assertThat(node.look("early").orElseThrow().connection()).isEmpty();
        assertThat(node.look("late").orElseThrow().connection()).isPresent();
        node.joined.endFor(node.joined.second());
        assertThat(early.received()).containsExactly("CONNACK SUCCESS", "DISCONNECT USE_ANOTHER_SERVER", "closed");
        assertThat(late.received()).containsExactly("CONNACK SUCCESS", "DISCONNECT USE_ANOTHER_SERVER", "closed");
        assertThat(node.look("late").orElseThrow().connection()).isEmpty();
        assertThat(elsewhere().connect("late", false, HOUR).received()).containsExactly("CONNACK SUCCESS present");
    }

    @Test
    void whatWasSaidBeforeTheEndDoesNotComeAfterIt() {
        var client = elsewhere().connected("c");
        var watcher = here().connected("w").subscribe("a", 0);
        watcher.received();
        node.joined.hold();
        client.publish("a", 0, 0, false, "lost");
        node.joined.end();
        node.joined.goOn();
        var again = elsewhere().connected("c");
        again.publish("a", 0, 0, false, "x");
        assertThat(watcher.received()).containsExactly("PUBLISH a qos0 x");
    }

    @Test
    void aNodeThatHasNoSessionsYetSaysSo() {
        var home = node.joined.first();
        home.connectStreams(new NoSessionsYet(home));
        assertThat(elsewhere().connect("c", false, HOUR).received()).containsExactly("CONNACK SERVER_BUSY", "closed");
    }

    @Test
    void aFrontThatSaysWhatCannotBeReadLosesThatConnection() {
        var client = elsewhere().connect("c", false, HOUR);
        client.received();
        node.joined.forge(node.joined.first(), item(FIRST_CONNECTION, PUBLISH, (byte) 1));
        assertThat(client.received()).containsExactly("DISCONNECT USE_ANOTHER_SERVER", "closed");
        assertThat(node.count("meridian_session_stream_malformed")).isEqualTo(1);
        assertThat(elsewhere().connect("c", false, HOUR).received()).containsExactly("CONNACK SUCCESS present");
    }

    @Test
    void aSessionThatSaysWhatCannotBeReadLosesThatConnection() {
        var client = elsewhere().connect("c", false, HOUR);
        client.received();
        node.joined.forge(node.joined.second(), item(FIRST_CONNECTION, DELIVER, (byte) 1));
        assertThat(client.received()).containsExactly("DISCONNECT USE_ANOTHER_SERVER", "closed");
        assertThat(node.look("c").orElseThrow().connection()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(bytes = {0x02, 0x0F, 0x43, 0x4C, 0x7F})
    void whatIsSaidOfUnknownConnectionsOrIsOfNoKindIsLeftOut(byte kind) {
        var client = elsewhere().connected("c");
        node.joined.forge(node.joined.first(), item(1_000_001, kind));
        node.joined.forge(node.joined.second(), item(1_000_001, kind));
        assertThat(client.publish("a", 1, 1, false, "x").received())
                .containsExactly("PUBACK #1 NO_MATCHING_SUBSCRIBERS");
    }

    @Test
    void rightsAreLookedAtInPartsIfThereIsMuchToLookAt() {
        var rules = """
                everybody
                allow both open/#
                """;
        try (var limited =
                new EmbeddedNode(2, Sessions.AT_ANOTHER_NODE, AclText.policy(rules), Mqtt3DeniedPublish.CLOSE)) {
            var client = limited.client(ProtocolVersion.MQTT_5).connect("c", false, HOUR);
            for (var i = 0; i < 60; i++) {
                client.subscribe("open/" + i % 2 + "/" + i + "x".repeat(800), 1);
            }
            client.received();
            limited.access.follow(AclText.policy(rules + "deny subscribe open/1/#"));
            limited.pass(Duration.ofMillis(200));
            assertThat(client.received()).containsExactly("DISCONNECT NOT_AUTHORIZED", "closed");
            assertThat(limited.look("c").orElseThrow().subscriptions()).isEqualTo(30);
        }
    }

    @Test
    void aWindowOfASessionAtAnotherNodeIsTheClients() {
        var client = elsewhere();
        client.connect("c", new ConnectProperties(0, 2, Packet.SIZE_MAX, 0, false, true, List.of(), Optional.empty()));
        client.subscribe("a", 1).received();
        var publisher = here().connected("p");
        for (var i = 1; i <= 3; i++) {
            publisher.publish("a", 1, i, false, "" + i);
        }
        assertThat(client.received()).containsExactly("PUBLISH a qos1 #1 1", "PUBLISH a qos1 #2 2");
        client.send(new PubackPacket(1, ReasonCode.SUCCESS));
        assertThat(client.received()).containsExactly("PUBLISH a qos1 #3 3");
    }

    private double gauge(String name) {
        return node.meters.get(name).gauge().value();
    }

    private static StreamItem item(long connection, byte... body) {
        return new StreamItem(connection, CanonicalBytes.wrap(body));
    }

    private EmbeddedClient elsewhere() {
        return node.client(ProtocolVersion.MQTT_5);
    }

    private EmbeddedClient here() {
        return node.client(ProtocolVersion.MQTT_5, 0, Sessions.HERE);
    }
}
