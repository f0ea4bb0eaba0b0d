package io.meridianmq.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.suback.Mqtt5SubAckReasonCode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The commands that steer a running platform, and what clients notice of them. */
@Tag("server")
@ExtendWith(SharedPlatform.class)
class SteeringTest {

    /** What a change of the settings may take to be in force everywhere. */
    private static final Duration SECONDS = Duration.ofSeconds(5);

    private static final String DRAINED = "us-east/a/2";

    private final LocalPlatform platform;
    private long versionBefore;

    SteeringTest(LocalPlatform platform) {
        this.platform = platform;
    }

    @BeforeEach
    void remember() throws IOException, InterruptedException {
        versionBefore = settings().get("version").getAsLong();
    }

    @AfterEach
    void restore() throws IOException, InterruptedException {
        var _ = succeed("config", "rollback", String.valueOf(versionBefore), "-m", "end of a test");
        var _ = succeed("node", "resume", DRAINED);
        inForce();
    }

    @Test
    void onlyGlobalTopicsCrossWhereOnlyTheyMay() throws IOException, InterruptedException {
        try (var subscriber = platform.connect("eu-west/b/1");
                var near = platform.connect("us-east/b/1");
                var publisher = platform.connect("us-east/a/1")) {
            subscriber.subscribe("plant/+/temp", MqttQos.AT_LEAST_ONCE);
            near.subscribe("plant/+/temp", MqttQos.AT_LEAST_ONCE);
            Device.awaitEffective(List.of(subscriber, near), List.of(publisher));

            succeed("config", "put", "cross-region=listed", "-m", "system test");
            inForce();
            publisher.publish("plant/1/temp", MqttQos.AT_LEAST_ONCE, "blocked");
            assertThat(succeed("explain", "plant/1/temp", "--from", "us-east/a/1"))
                    .contains("eu-west (blocked)", "no global topic matches");

            succeed("topics", "add", "plant/+/temp", "--from", "us-east");
            assertThat(succeed("topics", "list")).contains("plant/+/temp", "us-east", "cross-region is listed");
            inForce();
            publisher.publish("plant/2/temp", MqttQos.AT_LEAST_ONCE, "listed");
            eventually(() -> assertThat(subscriber.received("plant/"))
                    .extracting(Device.Message::payload)
                    .containsExactly("listed"));
            assertThat(succeed("explain", "plant/1/temp", "--from", "us-east/a/1"))
                    .doesNotContain("blocked");

            succeed("topics", "remove", "plant/+/temp");
            inForce();
            publisher.publish("plant/3/temp", MqttQos.AT_LEAST_ONCE, "blocked again");
            succeed("config", "put", "--unset", "cross-region");
            inForce();
            publisher.publish("plant/4/temp", MqttQos.AT_LEAST_ONCE, "open");
            eventually(() -> assertThat(subscriber.received("plant/"))
                    .extracting(Device.Message::payload)
                    .containsExactly("listed", "open"));
            eventually(() -> assertThat(near.received("plant/"))
                    .as("in the same region")
                    .extracting(Device.Message::payload)
                    .containsExactly("blocked", "listed", "blocked again", "open"));
        }
    }

    @Test
    void aPublishToARegionThatItMayNotEnterIsRefused() throws IOException, InterruptedException {
        try (var publisher = platform.connect("us-east/a/1")) {
            succeed("config", "put", "cross-region=listed");
            inForce();
            assertThatThrownBy(() -> publisher.publish("device/eu-west/a/k7/set", MqttQos.AT_LEAST_ONCE, "x"))
                    .cause()
                    .isInstanceOfSatisfying(
                            Mqtt5PubAckException.class,
                            e -> assertThat(e.getMqttMessage().getReasonCode())
                                    .isEqualTo(Mqtt5PubAckReasonCode.NOT_AUTHORIZED));
            publisher.publish("device/us-east/b/k7/set", MqttQos.AT_LEAST_ONCE, "x");
        }
    }

    @Test
    void settingsAreFollowedWithinSecondsAndRolledBack() throws IOException, InterruptedException {
        try (var device = platform.connect("eu-west/a/2")) {
            device.subscribe("one", MqttQos.AT_MOST_ONCE);
            succeed("config", "put", "session.subscriptions-max=1", "-m", "too few");
            inForce();
            assertThatThrownBy(() -> device.subscribe("two", MqttQos.AT_MOST_ONCE))
                    .cause()
                    .isInstanceOfSatisfying(
                            Mqtt5SubAckException.class,
                            e -> assertThat(e.getMqttMessage().getReasonCodes())
                                    .containsExactly(Mqtt5SubAckReasonCode.QUOTA_EXCEEDED));
            assertThat(succeed("config", "history")).contains("sets session.subscriptions-max to 1", "too few");

            var refused = platform.meridian(
                    "config", "put", "session.subscriptions-max=2", "--expect", String.valueOf(versionBefore));
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.errors()).contains("version " + versionBefore + " of the settings was expected");
            assertThat(platform.meridian("config", "put", "session.subscriptions=2")
                            .exitCode())
                    .isEqualTo(2);

            succeed("config", "rollback", String.valueOf(versionBefore));
            inForce();
            device.subscribe("two", MqttQos.AT_MOST_ONCE);
        }
    }

    @Test
    void aDrainedNodeSendsItsClientsElsewhere() throws IOException, InterruptedException {
        try (var polite = platform.connect(DRAINED)) {
            assertThat(polite.isConnected()).isTrue();
            assertThat(succeed("node", "drain", DRAINED, "--delay", "0", "--wait", "30"))
                    .contains(DRAINED + " is being drained, 0 clients connected, 0 slots");
            eventually(() -> assertThat(polite.isConnected()).isFalse());
            eventually(() -> assertThat(succeed("topology")).contains("draining"));

            assertThatThrownBy(() -> platform.connect(DRAINED))
                    .cause()
                    .isInstanceOfSatisfying(
                            Mqtt5ConnAckException.class,
                            e -> assertThat(e.getMqttMessage().getReasonCode())
                                    .isEqualTo(Mqtt5ConnAckReasonCode.USE_ANOTHER_SERVER));
            eventually(() -> {
                try (var elsewhere = Device.connect("us-east", platform.portOfRegion("us-east"))) {
                    assertThat(elsewhere.isConnected())
                            .as("through the load balancer")
                            .isTrue();
                }
            });
        }
        succeed("node", "resume", DRAINED);
        try (var back = platform.connect(DRAINED)) {
            assertThat(back.isConnected()).isTrue();
        }
        eventually(() -> assertThat(succeed("node", "resume", DRAINED)).doesNotContain(" 0 slots"));
        assertThat(platform.meridian("node", "drain", "us-east/a/9").errors())
                .contains("nobody is registered as us-east/a/9");
    }

    @Test
    void anOperatorSeesASessionAndEndsItsConnection() throws IOException, InterruptedException {
        try (var device = platform.connect("us-east/b/2")) {
            device.subscribe("seen/#", MqttQos.AT_LEAST_ONCE);
            assertThat(succeed("session", "show", device.clientId(), "--zone", "us-east/b"))
                    .contains("us-east/b/2", "MQTT 5", "127.0.0.1:", "seen/#");
            var elsewhere = platform.meridian("session", "show", device.clientId(), "--zone", "us-east/a");
            assertThat(elsewhere.exitCode()).isEqualTo(1);
            assertThat(elsewhere.errors()).contains("has neither a connection nor a session in us-east/a");
            assertThat(succeed("session", "disconnect", device.clientId(), "--zone", "us-east/b"))
                    .contains("is disconnected from us-east/b/2");
            eventually(() -> assertThat(device.isConnected()).isFalse());
            assertThat(platform.meridian("session", "disconnect", device.clientId(), "--zone", "us-east/b")
                            .errors())
                    .contains("has neither a connection nor a session in us-east/b");
            assertThat(succeed("logs", "global"))
                    .contains("disconnect client " + device.clientId() + " in us-east/b, by ");
        }
    }

    @Test
    void subscribersOfATopicAreFoundOnEveryNode() throws IOException, InterruptedException {
        try (var here = platform.connect("us-east/a/1");
                var there = platform.connect("eu-west/b/2")) {
            here.subscribe("wanted/+/temp", MqttQos.AT_MOST_ONCE);
            there.subscribe("wanted/#", MqttQos.AT_MOST_ONCE);
            there.subscribe("$share/team/wanted/7/temp", MqttQos.AT_MOST_ONCE);

            var found = JsonParser.parseString(succeed("subscribers", "wanted/7/temp", "--json"))
                    .getAsJsonObject();
            assertThat(found.getAsJsonArray("subscribers").asList())
                    .extracting(each -> each.getAsJsonObject().get("node").getAsString() + " "
                            + each.getAsJsonObject().get("filter").getAsString())
                    .containsExactlyInAnyOrder(
                            "us-east/a/1 wanted/+/temp",
                            "eu-west/b/2 wanted/#",
                            "eu-west/b/2 $share/team/wanted/7/temp");
            assertThat(succeed("subscribers", "wanted/7/temp", "--in", "us-east"))
                    .contains(here.clientId())
                    .doesNotContain(there.clientId());
        }
    }

    /** Returns when every component goes by the version in force. */
    private void inForce() throws IOException, InterruptedException {
        var sinceNanos = System.nanoTime();
        var askedNanos = 0L;
        var behind = behind();
        while (!behind.isEmpty() && askedNanos < SECONDS.toNanos()) {
            // When it is asked counts, not when the command, a process of its own, has answered.
            askedNanos = System.nanoTime() - sinceNanos;
            behind = behind();
        }
        assertThat(behind).isEmpty();
    }

    private List<JsonElement> behind() throws IOException, InterruptedException {
        return settings().getAsJsonArray("behind").asList();
    }

    private JsonObject settings() throws IOException, InterruptedException {
        return JsonParser.parseString(succeed("config", "get", "--json")).getAsJsonObject();
    }

    private String succeed(String command, String... arguments) throws IOException, InterruptedException {
        var ended = platform.meridian(command, arguments);
        assertThat(ended.exitCode())
                .as("%s %s: %s", command, List.of(arguments), ended.errors())
                .isZero();
        return ended.output();
    }

    private static void eventually(ThrowingRunnable assertion) {
        await().atMost(Device.PATIENCE).pollInterval(Duration.ofMillis(200)).untilAsserted(assertion);
    }
}
