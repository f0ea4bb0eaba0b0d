package io.meridianmq.broker.front;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.StringPreparation;
import io.meridianmq.broker.access.Policy;
import io.meridianmq.broker.packet.AuthPacket;
import io.meridianmq.broker.packet.Authentication;
import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.ConnectPacket;
import io.meridianmq.broker.packet.ConnectProperties;
import io.meridianmq.broker.packet.DisconnectPacket;
import io.meridianmq.broker.packet.DisconnectProperties;
import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.PingreqPacket;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.fabric.access.PasswordFile;
import io.meridianmq.fabric.access.Passwords;
import io.meridianmq.fabric.access.ScramVerifier;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** AUTH packets and what comes of them, with SCRAM-SHA-256 as the method (MQTT 5, sections 3.15 and 4.12). */
final class EnhancedAuthenticationTest {

    private static final String SCRAM = "SCRAM-SHA-256";
    private static final String CHALLENGE = "AUTH CONTINUE_AUTHENTICATION SCRAM-SHA-256";

    private final EmbeddedNode node = new EmbeddedNode(1, Policy.OPEN, false, Runnable::run);
    private final EmbeddedClient client = node.client(ProtocolVersion.MQTT_5);

    @TempDir
    private Path folder = Path.of(".");

    @BeforeEach
    void writePasswords() throws Exception {
        var file = folder.resolve("passwords");
        for (var name : List.of("alice", "bob")) {
            new PasswordFile(file).put(name, ScramVerifier.of("secret of " + name, 4_096, new SecureRandom()));
        }
        node.access.follow(new Policy(Optional.of(Passwords.read(file)), Policy.OPEN.acl()));
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test // [MQTT-4.12.0-2] [MQTT-4.12.0-5]
    void letsAClientInThatKnowsThePasswordAndProvesToIt() throws Exception {
        var scram = scram("alice", "secret of alice");
        connect(SCRAM, scram);
        assertThat(client.received()).containsExactly(CHALLENGE);
        answer(scram);
        assertThat(client.received()).containsExactly("CONNACK SUCCESS SCRAM-SHA-256 assigned");
        scram.serverFinalMessage(text(client.lastStep())); // Throws if the server does not know the password.
        assertThat(client.publish("a", 1, 1, false, "x").received())
                .containsExactly("PUBACK #1 NO_MATCHING_SUBSCRIBERS");
    }

    @Test // [MQTT-4.12.0-4]
    void refusesAClientThatDoesNotKnowThePasswordLikeOneThatThereIsNot() throws Exception {
        for (var name : List.of("alice", "carol")) {
            var other = node.client(ProtocolVersion.MQTT_5);
            var scram = scram(name, "wrong");
            connect(other, SCRAM, scram);
            assertThat(other.received()).containsExactly(CHALLENGE);
            answer(other, scram);
            assertThat(other.received()).containsExactly("CONNACK NOT_AUTHORIZED", "closed");
        }
        assertThat(node.count("mqtt_access_denied", "reason", "proof")).isEqualTo(2);
    }

    @Test
    void refusesAFirstMessageThatIsNone() {
        client.send(connectPacket(SCRAM, BinaryData.of((byte) 'x')));
        assertThat(client.received()).containsExactly("CONNACK NOT_AUTHORIZED", "closed");
    }

    @Test // [MQTT-4.12.0-1]
    void refusesAMethodThatIsNotOffered() {
        client.send(connectPacket("SCRAM-SHA-1", BinaryData.EMPTY));
        assertThat(client.received()).containsExactly("CONNACK BAD_AUTHENTICATION_METHOD", "closed");
        node.access.follow(Policy.OPEN);
        var other = node.client(ProtocolVersion.MQTT_5).send(connectPacket(SCRAM, BinaryData.EMPTY));
        assertThat(other.received())
                .as("without passwords")
                .containsExactly("CONNACK BAD_AUTHENTICATION_METHOD", "closed");
        assertThat(node.count("mqtt_access_denied", "reason", "method")).isEqualTo(2);
    }

    @Test // [MQTT-4.12.0-6] [MQTT-4.12.0-7]
    void doesNotAcceptAuthFromAClientWithoutAMethod() {
        client.login("c", "alice", "secret of alice");
        assertThat(client.received()).containsExactly("CONNACK SUCCESS");
        client.send(auth(ReasonCode.RE_AUTHENTICATE, SCRAM, BinaryData.EMPTY));
        assertThat(client.received()).containsExactly("DISCONNECT PROTOCOL_ERROR", "closed");
    }

    @Test // [MQTT-3.1.2-30]
    void refusesAClientThatSendsSomethingElseBeforeItIsLetIn() throws Exception {
        connect(SCRAM, scram("alice", "secret of alice"));
        client.publish("a", 1, 1, false, "x");
        assertThat(client.received()).containsExactly(CHALLENGE, "CONNACK PROTOCOL_ERROR", "closed");
        var other = node.client(ProtocolVersion.MQTT_5);
        connect(other, SCRAM, scram("alice", "secret of alice"));
        assertThat(other.send(PingreqPacket.INSTANCE).received())
                .containsExactly(CHALLENGE, "CONNACK PROTOCOL_ERROR", "closed");
        var third = node.client(ProtocolVersion.MQTT_5);
        connect(third, SCRAM, scram("alice", "secret of alice"));
        third.send(new DisconnectPacket(ReasonCode.NORMAL_DISCONNECTION, DisconnectProperties.NONE));
        assertThat(third.received()).as("DISCONNECT it may send").containsExactly(CHALLENGE, "closed");
    }

    @Test
    void refusesAuthThatIsNotWhatComesNext() throws Exception {
        connect(SCRAM, scram("alice", "secret of alice"));
        client.send(auth(ReasonCode.RE_AUTHENTICATE, SCRAM, BinaryData.EMPTY));
        assertThat(client.received()).containsExactly(CHALLENGE, "CONNACK PROTOCOL_ERROR", "closed");
    }

    @Test // [MQTT-4.12.0-5]
    void refusesAMethodThatChangesOnTheWay() throws Exception {
        connect(SCRAM, scram("alice", "secret of alice"));
        client.send(auth(ReasonCode.CONTINUE_AUTHENTICATION, "PLAIN", BinaryData.EMPTY));
        assertThat(client.received()).containsExactly(CHALLENGE, "CONNACK BAD_AUTHENTICATION_METHOD", "closed");
    }

    @Test
    void refusesAClientThatDoesNotAnswerInTime() throws Exception {
        connect(SCRAM, scram("alice", "secret of alice"));
        assertThat(client.received()).containsExactly(CHALLENGE);
        node.pass(Duration.ofSeconds(11));
        assertThat(client.received()).containsExactly("CONNACK NOT_AUTHORIZED", "closed");
    }

    @Test // [MQTT-3.15.1-1] [MQTT-3.15.2-1]
    void refusesAuthWithFlagsOrAReasonThatIsTheServers() throws Exception {
        letIn();
        var withFlags = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("F100"));
        assertThat(client.sendBytes(withFlags).received()).containsExactly("DISCONNECT MALFORMED_PACKET", "closed");
        var other = node.client(ProtocolVersion.MQTT_5).login("o", "alice", "secret of alice");
        other.received();
        var success = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("F000"));
        assertThat(other.sendBytes(success).received()).containsExactly("DISCONNECT PROTOCOL_ERROR", "closed");
    }

    @Test // [MQTT-4.12.1-1]
    void letsAClientProveItselfAgainWhileOtherThingsGoOn() throws Exception {
        letIn();
        var scram = scram("alice", "secret of alice");
        client.send(auth(ReasonCode.RE_AUTHENTICATE, SCRAM, first(scram)));
        assertThat(client.received()).containsExactly(CHALLENGE);
        assertThat(client.publish("a", 1, 1, false, "x").received())
                .containsExactly("PUBACK #1 NO_MATCHING_SUBSCRIBERS");
        answer(scram);
        assertThat(client.received()).containsExactly("AUTH SUCCESS SCRAM-SHA-256");
        scram.serverFinalMessage(text(client.lastStep()));
        client.send(auth(ReasonCode.RE_AUTHENTICATE, SCRAM, first(scram("alice", "secret of alice"))));
        assertThat(client.received()).as("and again").containsExactly(CHALLENGE);
    }

    @Test // [MQTT-4.12.1-2]
    void endsAConnectionWhoseClientDoesNotProveItselfAgain() throws Exception {
        letIn();
        var scram = scram("alice", "wrong");
        client.send(auth(ReasonCode.RE_AUTHENTICATE, SCRAM, first(scram)));
        assertThat(client.received()).containsExactly(CHALLENGE);
        answer(scram);
        assertThat(client.received()).containsExactly("DISCONNECT NOT_AUTHORIZED", "closed");
    }

    @Test
    void doesNotLetAClientBecomeAnotherUser() throws Exception {
        letIn();
        var scram = scram("bob", "secret of bob");
        client.send(auth(ReasonCode.RE_AUTHENTICATE, SCRAM, first(scram)));
        assertThat(client.received()).containsExactly(CHALLENGE);
        answer(scram);
        assertThat(client.received()).containsExactly("DISCONNECT NOT_AUTHORIZED", "closed");
    }

    @Test
    void endsAConnectionThatBreaksTheRulesOfReauthentication() throws Exception {
        letIn();
        client.send(auth(ReasonCode.RE_AUTHENTICATE, "PLAIN", BinaryData.EMPTY));
        assertThat(client.received()).containsExactly("DISCONNECT BAD_AUTHENTICATION_METHOD", "closed");
        var second = letIn(node.client(ProtocolVersion.MQTT_5));
        second.send(auth(ReasonCode.CONTINUE_AUTHENTICATION, SCRAM, BinaryData.EMPTY));
        assertThat(second.received()).containsExactly("DISCONNECT PROTOCOL_ERROR", "closed");
        var third = letIn(node.client(ProtocolVersion.MQTT_5));
        third.send(auth(ReasonCode.RE_AUTHENTICATE, SCRAM, first(scram("alice", "x"))))
                .send(auth(ReasonCode.RE_AUTHENTICATE, SCRAM, first(scram("alice", "x"))));
        assertThat(third.received()).containsExactly(CHALLENGE, "DISCONNECT PROTOCOL_ERROR", "closed");
        var fourth = letIn(node.client(ProtocolVersion.MQTT_5));
        fourth.send(auth(ReasonCode.RE_AUTHENTICATE, SCRAM, first(scram("alice", "x"))));
        node.pass(Duration.ofSeconds(11));
        assertThat(fourth.received()).containsExactly(CHALLENGE, "DISCONNECT NOT_AUTHORIZED", "closed");
    }

    private void letIn() throws Exception {
        letIn(client);
    }

    private static EmbeddedClient letIn(EmbeddedClient client) throws Exception {
        var scram = scram("alice", "secret of alice");
        connect(client, SCRAM, scram);
        assertThat(client.received()).containsExactly(CHALLENGE);
        answer(client, scram);
        assertThat(client.received()).containsExactly("CONNACK SUCCESS SCRAM-SHA-256 assigned");
        return client;
    }

    private void connect(String method, ScramClient scram) {
        connect(client, method, scram);
    }

    private static void connect(EmbeddedClient client, String method, ScramClient scram) {
        client.send(connectPacket(method, first(scram)));
    }

    private void answer(ScramClient scram) throws Exception {
        answer(client, scram);
    }

    /** Sends the client's last message, after the challenge. */
    private static void answer(EmbeddedClient client, ScramClient scram) throws Exception {
        scram.serverFirstMessage(text(client.lastStep()));
        client.send(auth(
                ReasonCode.CONTINUE_AUTHENTICATION,
                SCRAM,
                data(scram.clientFinalMessage().toString())));
    }

    private static ConnectPacket connectPacket(String method, BinaryData data) {
        var properties = new ConnectProperties(
                0, 65_535, Packet.SIZE_MAX, 0, false, true, List.of(), Optional.of(new Authentication(method, data)));
        return new ConnectPacket(
                ProtocolVersion.MQTT_5, true, 0, "", Optional.empty(), Optional.empty(), Optional.empty(), properties);
    }

    private static AuthPacket auth(ReasonCode reasonCode, String method, BinaryData data) {
        return Login.auth(reasonCode, method, data);
    }

    private static ScramClient scram(String name, String password) {
        return ScramClient.builder()
                .advertisedMechanisms(List.of(SCRAM))
                .username(name)
                .password(password.toCharArray())
                .stringPreparation(StringPreparation.SASL_PREPARATION)
                .build();
    }

    private static BinaryData first(ScramClient scram) {
        return data(scram.clientFirstMessage().toString());
    }

    private static BinaryData data(String text) {
        return BinaryData.of(text.getBytes(UTF_8));
    }

    private static String text(Authentication step) {
        return new String(step.data().toByteArray(), UTF_8);
    }
}
