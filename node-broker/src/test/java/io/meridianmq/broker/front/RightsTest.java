package io.meridianmq.broker.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.broker.access.AccessConfig.Mqtt3DeniedPublish;
import io.meridianmq.broker.access.AclText;
import io.meridianmq.broker.access.Policy;
import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PublishMessage;
import io.meridianmq.broker.packet.PublishProperties;
import io.meridianmq.broker.packet.PubrelPacket;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.packet.ReasonProperties;
import io.meridianmq.broker.packet.Subscription;
import io.meridianmq.broker.packet.Will;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.fabric.access.PasswordFile;
import io.meridianmq.fabric.access.Passwords;
import io.meridianmq.fabric.access.ScramVerifier;
import io.meridianmq.topic.TopicFilter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What clients are told that do what they may not, and what they get. */
@ParameterizedClass
@EnumSource(EmbeddedNode.Sessions.class)
final class RightsTest {

    private static final String RULES = """
            everybody
            allow both open/#
            allow publish own/%c
            deny both open/secret
            """;

    private final EmbeddedNode node;
    private final EmbeddedNode.Sessions sessions;

    @TempDir
    private Path folder = Path.of(".");

    RightsTest(EmbeddedNode.Sessions sessions) {
        this.sessions = sessions;
        node = new EmbeddedNode(2, sessions, AclText.policy(RULES), Mqtt3DeniedPublish.ACKNOWLEDGE);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void refusesAPublishWithItsReasonAndDeliversItToNobody() {
        var subscriber = subscriberToEverything();
        var client = v5().connected("c");
        assertThat(client.publish("other", 1, 1, true, "x").received()).containsExactly("PUBACK #1 NOT_AUTHORIZED");
        assertThat(client.publish("open/secret", 2, 2, true, "x").received())
                .containsExactly("PUBREC #2 NOT_AUTHORIZED");
        assertThat(client.publish("other", 0, 0, true, "x").received()).isEmpty();
        assertThat(client.publish("own/d", 1, 3, false, "x").received()).containsExactly("PUBACK #3 NOT_AUTHORIZED");
        assertThat(client.publish("own/c", 1, 3, false, "x").received()).containsExactly("PUBACK #3 SUCCESS");
        assertThat(client.publish("open/a", 1, 4, false, "x").received()).containsExactly("PUBACK #4 SUCCESS");
        assertThat(subscriber.received()).containsExactly("PUBLISH own/c qos1 #1 x", "PUBLISH open/a qos1 #2 x");
        assertThat(node.count("mqtt_access_denied", "reason", "publish")).isEqualTo(4);
        assertThat(node.count("mqtt_messages_total")).isEqualTo(2);
    }

    @Test // [MQTT-4.3.3-9]: the packet identifier is free after PUBREC with an error.
    void letsAnIdentifierBeUsedAgainAfterItsPublishWasRefused() {
        var client = v5().connected("c");
        assertThat(client.publish("other", 2, 2, false, "x").received()).containsExactly("PUBREC #2 NOT_AUTHORIZED");
        assertThat(client.publish("open/a", 2, 2, false, "x").received())
                .containsExactly("PUBREC #2 NO_MATCHING_SUBSCRIBERS");
    }

    @Test // [MQTT-4.6.0-2]
    void answersARefusedPublishInItsTurn() {
        var client = v5().connected("c");
        node.retained.holdUp();
        client.publish("open/a", 1, 1, true, "x")
                .publish("other", 1, 2, false, "x")
                .publish("open/b", 1, 3, false, "x");
        assertThat(client.received()).isEmpty();
        node.retained.storeHeldUp(0);
        assertThat(client.received())
                .containsExactly(
                        "PUBACK #1 NO_MATCHING_SUBSCRIBERS",
                        "PUBACK #2 NOT_AUTHORIZED",
                        "PUBACK #3 NO_MATCHING_SUBSCRIBERS");
    }

    @Test // [MQTT3-3.3.5-2]
    void acknowledgesADeniedPublishOfMqtt3AndDropsIt() {
        var subscriber = subscriberToEverything();
        var client = v3().connected("c");
        assertThat(client.publish("open/secret", 1, 1, false, "x").received()).containsExactly("PUBACK #1 SUCCESS");
        assertThat(client.publish("other", 2, 2, false, "x").received()).containsExactly("PUBREC #2 SUCCESS");
        assertThat(client.send(new PubrelPacket(2, ReasonCode.SUCCESS, ReasonProperties.NONE))
                        .received())
                .containsExactly("PUBCOMP #2 SUCCESS");
        assertThat(subscriber.received()).isEmpty();
        assertThat(node.count("mqtt_access_denied", "reason", "publish")).isEqualTo(2);
    }

    @Test // [MQTT3-3.3.5-2]
    void closesAClientOfMqtt3ThatMakesADeniedPublishIfItIsToldTo() {
        try (var closing = new EmbeddedNode(1, sessions, AclText.policy(RULES), Mqtt3DeniedPublish.CLOSE)) {
            var three = closing.client(ProtocolVersion.MQTT_3_1_1).connected("three");
            assertThat(three.publish("other", 0, 0, false, "x").received()).isEmpty();
            assertThat(three.publish("other", 1, 1, false, "x").received()).containsExactly("closed");
            var five = closing.client(ProtocolVersion.MQTT_5).connected("five");
            assertThat(five.publish("other", 1, 1, false, "x").received()).containsExactly("PUBACK #1 NOT_AUTHORIZED");
        }
    }

    @Test
    void holdsForAClientWhoseSessionIsOnAnotherLoop() {
        node.client(ProtocolVersion.MQTT_5, 0)
                .connect("c", true, 100)
                .subscribe("open/a", 1)
                .drop();
        var back = node.client(ProtocolVersion.MQTT_5, 1).connect("c", false, 100);
        assertThat(back.received()).containsExactly("CONNACK SUCCESS present");
        back.publish("own/c", 1, 1, false, "x")
                .publish("other", 1, 2, false, "x")
                .publish("own/c", 1, 3, false, "x");
        assertThat(back.received())
                .containsExactly(
                        "PUBACK #1 NO_MATCHING_SUBSCRIBERS",
                        "PUBACK #2 NOT_AUTHORIZED",
                        "PUBACK #3 NO_MATCHING_SUBSCRIBERS");
        assertThat(back.subscribe("other", 1).received()).containsExactly("SUBACK [NOT_AUTHORIZED]");
        node.access.follow(AclText.policy(RULES + "deny subscribe open/a"));
        node.pass(Duration.ofMillis(200));
        assertThat(back.received()).containsExactly("DISCONNECT NOT_AUTHORIZED", "closed");
        assertThat(node.look("c").orElseThrow().subscriptions()).isZero();
    }

    @Test
    void refusesSubscriptionsOneByOne() {
        var five = v5().connected("five")
                .subscribe(
                        0,
                        new Subscription(TopicFilter.of("open/a"), Qos.AT_MOST_ONCE),
                        new Subscription(TopicFilter.of("other"), Qos.EXACTLY_ONCE),
                        new Subscription(TopicFilter.of("open/#"), Qos.AT_LEAST_ONCE),
                        new Subscription(TopicFilter.of("$share/g/open/b"), Qos.AT_LEAST_ONCE),
                        new Subscription(TopicFilter.of("$share/g/other"), Qos.AT_LEAST_ONCE));
        assertThat(five.received())
                .containsExactly("SUBACK [SUCCESS, NOT_AUTHORIZED, NOT_AUTHORIZED, GRANTED_QOS_1, NOT_AUTHORIZED]");
        var three = v3().connected("three").subscribe("other", 1);
        assertThat(three.received()).containsExactly("SUBACK [UNSPECIFIED_ERROR]"); // 0x80: all that 3.1.1 has
        assertThat(node.count("mqtt_access_denied", "reason", "subscribe")).isEqualTo(4);
        assertThat(node.look("five").orElseThrow().subscriptions()).isEqualTo(2);
    }

    @Test
    void givesNoRetainedMessageToARefusedSubscription() {
        node.access.follow(Policy.OPEN);
        v5().connected("p").publish("other", 1, 1, true, "kept");
        node.access.follow(AclText.policy(RULES));
        var client = v5().connected("c").subscribe("other", 1).subscribe("#", 1);
        assertThat(client.received()).containsExactly("SUBACK [NOT_AUTHORIZED]", "SUBACK [NOT_AUTHORIZED]");
    }

    @Test
    void refusesAClientWhoseWillIsForATopicThatItMayNotPublishTo() {
        assertThat(v5().connect("c", true, 0, 0, will("own/d")).received())
                .containsExactly("CONNACK NOT_AUTHORIZED", "closed");
        assertThat(v3().connect("c", true, 0, 0, will("own/d")).received())
                .containsExactly("CONNACK NOT_AUTHORIZED", "closed");
        assertThat(v5().connect("c", true, 0, 0, will("own/c")).received()).containsExactly("CONNACK SUCCESS");
        assertThat(node.count("mqtt_access_denied", "reason", "will")).isEqualTo(2);
    }

    @Test
    void endsTheConnectionOfAClientThatMayNotHaveWhatItSubscribedTo() {
        var five = v5().connect("five", true, 100).subscribe("open/a", 1).subscribe("open/b", 1);
        var three = v3().connected("three").subscribe("open/a", 1);
        var other = v5().connected("other").subscribe("open/b", 1);
        five.received();
        three.received();
        other.received();
        node.access.follow(AclText.policy(RULES + "deny subscribe open/a"));
        node.pass(Duration.ofMillis(200));
        assertThat(five.received()).containsExactly("DISCONNECT NOT_AUTHORIZED", "closed");
        assertThat(three.received()).containsExactly("closed");
        assertThat(other.received()).isEmpty();
        assertThat(node.look("five").orElseThrow().subscriptions()).isEqualTo(1);
        assertThat(node.count("mqtt_subscriptions_withdrawn")).isEqualTo(2);
        assertThat(v5().connect("five", false, 100).subscribe("open/a", 1).received())
                .containsExactly("CONNACK SUCCESS present", "SUBACK [NOT_AUTHORIZED]");
    }

    @Test
    void withdrawsWhatAClientThatComesBackMayNotHaveAnyMore() {
        v5().connect("c", true, 100)
                .subscribe("open/a", 1)
                .subscribe("open/b", 1)
                .drop();
        node.access.follow(AclText.policy(RULES + "deny subscribe open/a"));
        var back = v5().connect("c", false, 100);
        assertThat(back.received()).containsExactly("CONNACK SUCCESS present");
        var publisher = v5().connected("p").publish("open/a", 1, 1, false, "x").publish("open/b", 1, 2, false, "y");
        publisher.received();
        assertThat(back.received()).containsExactly("PUBLISH open/b qos1 #1 y");
    }

    @Test
    void endsTheConnectionsOfAUserWhoIsRemovedOrHasANewPassword() throws Exception {
        var file = new PasswordFile(folder.resolve("passwords"));
        for (var name : new String[] {"alice", "bob", "carol"}) {
            file.put(name, ScramVerifier.of("secret", 4_096, new SecureRandom()));
        }
        followPasswords();
        var alice = v5().login("a", "alice", "secret");
        var bob = v3().login("b", "bob", "secret");
        var carol = v5().login("c", "carol", "secret");
        var nobody = v5().connect("n", true, 0);
        file.put("alice", ScramVerifier.of("new", 4_096, new SecureRandom()));
        file.remove("bob");
        followPasswords();
        node.pass(Duration.ofMillis(200));
        assertThat(alice.received()).containsExactly("CONNACK SUCCESS", "DISCONNECT NOT_AUTHORIZED", "closed");
        assertThat(bob.received()).containsExactly("CONNACK SUCCESS", "closed");
        assertThat(carol.received()).containsExactly("CONNACK SUCCESS");
        assertThat(nobody.received()).containsExactly("CONNACK SUCCESS");
        assertThat(node.count("mqtt_access_denied", "reason", "revoked")).isEqualTo(2);
    }

    /** It subscribed before there were rules. */
    private EmbeddedClient subscriberToEverything() {
        node.access.follow(Policy.OPEN);
        var subscriber = v5().connected("s").subscribe("#", 2);
        assertThat(subscriber.received()).containsExactly("SUBACK [GRANTED_QOS_2]");
        node.access.follow(AclText.policy(RULES));
        return subscriber;
    }

    private void followPasswords() throws Exception {
        var passwords = Passwords.read(folder.resolve("passwords"));
        node.access.follow(new Policy(Optional.of(passwords), Policy.OPEN.acl()));
    }

    private static Optional<Will> will(String topic) {
        return Optional.of(new Will(
                new PublishMessage(topic, BinaryData.EMPTY, Qos.AT_MOST_ONCE, false, PublishProperties.NONE), 0));
    }

    private EmbeddedClient v5() {
        return node.client(ProtocolVersion.MQTT_5, 1);
    }

    private EmbeddedClient v3() {
        return node.client(ProtocolVersion.MQTT_3_1_1, 0);
    }
}
