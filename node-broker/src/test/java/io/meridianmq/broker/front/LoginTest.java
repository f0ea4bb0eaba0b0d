package io.meridianmq.broker.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.broker.access.AclText;
import io.meridianmq.broker.access.Policy;
import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.ConnectPacket;
import io.meridianmq.broker.packet.ConnectProperties;
import io.meridianmq.broker.packet.PingreqPacket;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.fabric.access.PasswordFile;
import io.meridianmq.fabric.access.Passwords;
import io.meridianmq.fabric.access.ScramVerifier;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is let in, and what the others are told. */
final class LoginTest {

    @TempDir
    private Path folder = Path.of(".");

    private Policy policy = Policy.OPEN;

    @BeforeEach
    void writePasswords() throws Exception {
        var file = folder.resolve("passwords");
        new PasswordFile(file).put("alice", ScramVerifier.of("secret", 4_096, new SecureRandom()));
        policy = new Policy(Optional.of(Passwords.read(file)), Policy.OPEN.acl());
    }

    @Test // [MQTT-3.1.4-2]
    void letsAUserInWithTheRightPasswordAlone() {
        try (var node = new EmbeddedNode(1, policy, false, Runnable::run)) {
            for (var version : ProtocolVersion.values()) {
                assertThat(node.client(version)
                                .login("c-" + version, "alice", "secret")
                                .received())
                        .containsExactly("CONNACK SUCCESS");
                assertThat(node.client(version).login("d", "alice", "Secret").received())
                        .containsExactly("CONNACK BAD_USER_NAME_OR_PASSWORD", "closed");
                assertThat(node.client(version).login("d", "bob", "secret").received())
                        .containsExactly("CONNACK BAD_USER_NAME_OR_PASSWORD", "closed");
                assertThat(node.client(version).connect("d", true, 0).received())
                        .containsExactly("CONNACK NOT_AUTHORIZED", "closed");
            }
            assertThat(node.count("mqtt_access_denied", "reason", "password")).isEqualTo(6);
            assertThat(node.count("mqtt_access_denied", "reason", "anonymous")).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesANameWithoutAPasswordOrWithOneThatIsNoText(ProtocolVersion version) {
        try (var node = new EmbeddedNode(1, policy, true, Runnable::run)) {
            var client = node.client(version);
            assertThat(client.send(client.connectOf("c", Optional.of("alice"), Optional.empty()))
                            .received())
                    .containsExactly("CONNACK BAD_USER_NAME_OR_PASSWORD", "closed");
            var noText = new ConnectPacket(
                    version,
                    true,
                    0,
                    "c",
                    Optional.empty(),
                    Optional.of("alice"),
                    Optional.of(BinaryData.of((byte) 0xC3, (byte) 0x28)),
                    ConnectProperties.NONE);
            assertThat(node.client(version).send(noText).received())
                    .containsExactly("CONNACK BAD_USER_NAME_OR_PASSWORD", "closed");
        }
    }

    @Test
    void letsClientsWithoutANameInBesideUsers() {
        try (var node = new EmbeddedNode(1, policy, true, Runnable::run)) {
            assertThat(v5(node).connect("c", true, 0).received()).containsExactly("CONNACK SUCCESS");
            assertThat(v5(node).login("d", "alice", "wrong").received())
                    .containsExactly("CONNACK BAD_USER_NAME_OR_PASSWORD", "closed");
        }
    }

    @Test
    void takesAClientForTheUserThatItsCertificateNames() {
        var rules = AclText.policy("user meter\nallow both a");
        try (var node = new EmbeddedNode(1, new Policy(policy.passwords(), rules.acl()), false, Runnable::run)) {
            var client = v5(node).certificate("meter").connect("c", true, 0);
            assertThat(client.publish("a", 1, 1, false, "x").received())
                    .containsExactly("CONNACK SUCCESS", "PUBACK #1 NO_MATCHING_SUBSCRIBERS");
            assertThat(node.look("c").orElseThrow().connection().orElseThrow().userName())
                    .isEqualTo("meter");
            node.access.follow(new Policy(policy.passwords(), rules.acl()));
            node.pass(Duration.ofSeconds(1));
            assertThat(client.received()).isEmpty();
        }
    }

    @Test
    void takesEveryNameForNobodyWithoutPasswords() {
        try (var node = new EmbeddedNode(1, Policy.OPEN, true, Runnable::run)) {
            assertThat(v5(node).login("c", "alice", "whatever").received()).containsExactly("CONNACK SUCCESS");
        }
        try (var node = new EmbeddedNode(1, Policy.OPEN, false, Runnable::run)) {
            assertThat(v5(node).login("c", "alice", "whatever").received())
                    .containsExactly("CONNACK NOT_AUTHORIZED", "closed");
        }
    }

    @Test // [MQTT-3.1.4-5] [MQTT-3.1.4-6]
    void processesWhatCameBehindConnectOnceThePasswordIsChecked() {
        var checks = new ArrayDeque<Runnable>();
        try (var node = new EmbeddedNode(1, policy, false, checks::add)) {
            var good = v5(node).login("c", "alice", "secret").send(PingreqPacket.INSTANCE);
            var bad = v5(node).login("d", "alice", "wrong")
                    .publish("a", 1, 1, false, "x")
                    .send(PingreqPacket.INSTANCE);
            assertThat(good.received()).isEmpty();
            checks.forEach(Runnable::run);
            assertThat(good.received()).containsExactly("CONNACK SUCCESS", "PINGRESP");
            assertThat(bad.received()).containsExactly("CONNACK BAD_USER_NAME_OR_PASSWORD", "closed");
            assertThat(node.count("mqtt_messages_total")).isZero();
        }
    }

    @Test
    void refusesAClientWhosePasswordIsNotCheckedInTime() {
        var checks = new ArrayDeque<Runnable>();
        try (var node = new EmbeddedNode(1, policy, false, checks::add)) {
            var five = v5(node).login("c", "alice", "secret");
            var three = node.client(ProtocolVersion.MQTT_3_1_1).login("d", "alice", "secret");
            node.pass(Duration.ofSeconds(11));
            assertThat(five.received()).containsExactly("CONNACK SERVER_BUSY", "closed");
            assertThat(three.received()).containsExactly("CONNACK SERVER_UNAVAILABLE", "closed");
            checks.forEach(Runnable::run);
            assertThat(five.received()).containsExactly("closed");
            assertThat(node.count("mqtt_access_denied", "reason", "busy")).isEqualTo(2);
        }
    }

    @Test
    void forgetsAClientThatIsGoneBeforeItsPasswordIsChecked() {
        var checks = new ArrayDeque<Runnable>();
        try (var node = new EmbeddedNode(1, policy, false, checks::add)) {
            v5(node).login("c", "alice", "secret").drop();
            checks.forEach(Runnable::run);
            node.run();
            assertThat(node.look("c")).isEmpty();
            assertThat(node.count("mqtt_connects")).isZero();
        }
    }

    @Test
    void refusesClientsWhenTooManyWait() {
        Executor full = _ -> {
            throw new RejectedExecutionException();
        };
        try (var node = new EmbeddedNode(1, policy, true, full)) {
            assertThat(v5(node).login("c", "alice", "secret").received())
                    .containsExactly("CONNACK SERVER_BUSY", "closed");
            assertThat(v5(node).connect("d", true, 0).received()).containsExactly("CONNACK SUCCESS");
        }
    }

    private static EmbeddedClient v5(EmbeddedNode node) {
        return node.client(ProtocolVersion.MQTT_5);
    }
}
