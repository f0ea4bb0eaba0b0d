package io.meridianmq.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.datatypes.MqttUtf8String;
import com.hivemq.client.mqtt.mqtt3.Mqtt3BlockingClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3ConnAckException;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3SubAckException;
import com.hivemq.client.mqtt.mqtt3.message.connect.connack.Mqtt3ConnAckReturnCode;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientConfig;
import com.hivemq.client.mqtt.mqtt5.auth.Mqtt5EnhancedAuthMechanism;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5Auth;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5AuthBuilder;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5EnhancedAuth;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5EnhancedAuthBuilder;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5Disconnect;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.suback.Mqtt5SubAckReasonCode;
import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.StringPreparation;
import com.ongres.scram.common.exception.ScramException;
import io.meridianmq.fabric.access.PasswordFile;
import io.meridianmq.fabric.access.ScramVerifier;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real clients at a broker that asks for passwords and has rules. */
final class AccessClientsTest {

    @SuppressWarnings("NullAway.Init")
    private static RunningBroker broker;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        var file = data.resolve("passwords");
        new PasswordFile(file).put("alice", ScramVerifier.of("secret", 4_096, new SecureRandom()));
        rules = Files.writeString(data.resolve("acl"), "everybody\nallow both home/%u/#\n");
        broker = new RunningBroker(data, """
                listeners: [{tcp: 127.0.0.1:0}, {tcp: 127.0.0.1:0, anonymous: true}]
                connection: {anonymous: false}
                access: {passwords: %s, acl: %s}
                """.formatted(file, rules));
    }

    @SuppressWarnings("NullAway.Init") // Written before the first test.
    private static Path rules;

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void refusesTheWrongPasswordInBothVersions() {
        assertThatThrownBy(() -> connect5("wrong"))
                .isInstanceOfSatisfying(
                        Mqtt5ConnAckException.class,
                        refused -> assertThat(refused.getMqttMessage().getReasonCode())
                                .isEqualTo(Mqtt5ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD));
        assertThatThrownBy(() -> connect3("wrong"))
                .isInstanceOfSatisfying(
                        Mqtt3ConnAckException.class,
                        refused -> assertThat(refused.getMqttMessage().getReturnCode())
                                .isEqualTo(Mqtt3ConnAckReturnCode.BAD_USER_NAME_OR_PASSWORD));
        assertThatThrownBy(() -> builder5().buildBlocking().connect())
                .isInstanceOfSatisfying(
                        Mqtt5ConnAckException.class,
                        refused -> assertThat(refused.getMqttMessage().getReasonCode())
                                .isEqualTo(Mqtt5ConnAckReasonCode.NOT_AUTHORIZED));
        assertThatThrownBy(() -> Mqtt3Client.builder()
                        .serverHost("127.0.0.1")
                        .serverPort(broker.port())
                        .buildBlocking()
                        .connect())
                .isInstanceOfSatisfying(
                        Mqtt3ConnAckException.class,
                        refused -> assertThat(refused.getMqttMessage().getReturnCode())
                                .isEqualTo(Mqtt3ConnAckReturnCode.NOT_AUTHORIZED));
    }

    @Test
    void refusesWhatAUserMayNotDo() {
        var five = connect5("secret");
        five.publishWith().topic("home/alice/x").qos(MqttQos.EXACTLY_ONCE).send();
        assertThatThrownBy(() -> five.publishWith()
                        .topic("home/bob/x")
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .send())
                .isInstanceOfSatisfying(
                        Mqtt5PubAckException.class,
                        refused -> assertThat(refused.getMqttMessage().getReasonCode())
                                .isEqualTo(Mqtt5PubAckReasonCode.NOT_AUTHORIZED));
        assertThatThrownBy(() -> five.subscribeWith().topicFilter("home/#").send())
                .isInstanceOfSatisfying(
                        Mqtt5SubAckException.class,
                        refused -> assertThat(refused.getMqttMessage().getReasonCodes())
                                .containsExactly(Mqtt5SubAckReasonCode.NOT_AUTHORIZED));
        five.disconnect();
        var three = connect3("secret");
        assertThatThrownBy(() -> three.subscribeWith().topicFilter("home/#").send())
                .isInstanceOf(Mqtt3SubAckException.class);
        three.publishWith().topic("home/bob/x").qos(MqttQos.AT_LEAST_ONCE).send();
        three.disconnect();
    }

    @Test
    void letsAClientProveItselfByScramAndAgainLater() {
        var client = builder5().enhancedAuth(new Scram("secret")).buildBlocking();
        assertThat(client.connect().getReasonCode()).isEqualTo(Mqtt5ConnAckReasonCode.SUCCESS);
        client.toAsync().reauth().orTimeout(30, TimeUnit.SECONDS).join();
        client.publishWith().topic("home/alice/x").qos(MqttQos.AT_LEAST_ONCE).send();
        client.disconnect();
    }

    @Test
    void refusesAClientThatCannotProveItselfByScram() {
        var client = builder5().enhancedAuth(new Scram("wrong")).buildBlocking();
        assertThatThrownBy(client::connect)
                .isInstanceOfSatisfying(
                        Mqtt5ConnAckException.class,
                        refused -> assertThat(refused.getMqttMessage().getReasonCode())
                                .isEqualTo(Mqtt5ConnAckReasonCode.NOT_AUTHORIZED));
    }

    @Test
    void letsClientsWithoutANameInWhereAListenerDoes() {
        var client = Mqtt5Client.builder()
                .serverHost("127.0.0.1")
                .serverPort(broker.port(1))
                .buildBlocking();
        assertThat(client.connect().getReasonCode()).isEqualTo(Mqtt5ConnAckReasonCode.SUCCESS);
        client.disconnect();
    }

    @Test
    void followsTheRulesWhenTheyChange() throws Exception {
        var client = connect5("secret");
        client.subscribeWith().topicFilter("home/alice/x").send();
        Files.writeString(rules, "everybody\nallow both home/%u/#\ndeny subscribe home/+/x\n");
        await().atMost(Duration.ofSeconds(30)).until(() -> !client.getState().isConnected());
        assertThat(broker.count("mqtt_subscriptions_withdrawn")).isEqualTo(1);
        Files.writeString(rules, "everybody\nallow nothing\n");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> broker.count("mqtt_access_file_changes", "file", "acl", "outcome", "refused") == 1);
        var again = connect5("secret");
        assertThatThrownBy(
                        () -> again.subscribeWith().topicFilter("home/alice/x").send())
                .isInstanceOf(Mqtt5SubAckException.class);
        again.disconnect();
    }

    private static Mqtt5BlockingClient connect5(String password) {
        var client = builder5()
                .simpleAuth()
                .username("alice")
                .password(password.getBytes(UTF_8))
                .applySimpleAuth()
                .buildBlocking();
        client.connect();
        return client;
    }

    private static Mqtt3BlockingClient connect3(String password) {
        var client = Mqtt3Client.builder()
                .serverHost("127.0.0.1")
                .serverPort(broker.port())
                .simpleAuth()
                .username("alice")
                .password(password.getBytes(UTF_8))
                .applySimpleAuth()
                .buildBlocking();
        client.connect();
        return client;
    }

    private static Mqtt5ClientBuilder builder5() {
        return Mqtt5Client.builder().serverHost("127.0.0.1").serverPort(broker.port());
    }

    /** The client's side of SCRAM-SHA-256 by a library of another make. */
    private static final class Scram implements Mqtt5EnhancedAuthMechanism {

        private final String password;
        private ScramClient scram;

        Scram(String password) {
            this.password = password;
            this.scram = begin();
        }

        private ScramClient begin() {
            return ScramClient.builder()
                    .advertisedMechanisms(List.of(ScramVerifier.MECHANISM))
                    .username("alice")
                    .password(password.toCharArray())
                    .stringPreparation(StringPreparation.SASL_PREPARATION)
                    .build();
        }

        @Override
        public MqttUtf8String getMethod() {
            return MqttUtf8String.of(ScramVerifier.MECHANISM);
        }

        @Override
        public int getTimeout() {
            return 30;
        }

        @Override
        public CompletableFuture<Void> onAuth(
                Mqtt5ClientConfig config, Mqtt5Connect connect, Mqtt5EnhancedAuthBuilder builder) {
            builder.data(scram.clientFirstMessage().toString().getBytes(UTF_8));
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Void> onReAuth(Mqtt5ClientConfig config, Mqtt5AuthBuilder builder) {
            scram = begin();
            builder.data(scram.clientFirstMessage().toString().getBytes(UTF_8));
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Boolean> onContinue(
                Mqtt5ClientConfig config, Mqtt5Auth auth, Mqtt5AuthBuilder builder) {
            try {
                scram.serverFirstMessage(text(auth.getData()));
            } catch (ScramException e) {
                return CompletableFuture.completedFuture(false);
            }
            builder.data(scram.clientFinalMessage().toString().getBytes(UTF_8));
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public CompletableFuture<Boolean> onAuthSuccess(Mqtt5ClientConfig config, Mqtt5ConnAck connAck) {
            return CompletableFuture.completedFuture(
                    isProven(connAck.getEnhancedAuth().flatMap(Mqtt5EnhancedAuth::getData)));
        }

        @Override
        public CompletableFuture<Boolean> onReAuthSuccess(Mqtt5ClientConfig config, Mqtt5Auth auth) {
            return CompletableFuture.completedFuture(isProven(auth.getData()));
        }

        private boolean isProven(Optional<ByteBuffer> data) {
            try {
                scram.serverFinalMessage(text(data));
                return true;
            } catch (ScramException e) {
                return false;
            }
        }

        @Override
        public void onAuthRejected(Mqtt5ClientConfig config, Mqtt5ConnAck connAck) {}

        @Override
        public void onReAuthRejected(Mqtt5ClientConfig config, Mqtt5Disconnect disconnect) {}

        @Override
        public void onAuthError(Mqtt5ClientConfig config, Throwable cause) {}

        @Override
        public void onReAuthError(Mqtt5ClientConfig config, Throwable cause) {}

        private static String text(Optional<ByteBuffer> data) {
            return UTF_8.decode(data.orElseThrow()).toString();
        }
    }
}
