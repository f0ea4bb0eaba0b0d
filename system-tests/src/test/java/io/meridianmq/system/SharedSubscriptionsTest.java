package io.meridianmq.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which member of a shared subscription gets a message, if the members are in different regions. */
@Tag("server")
@ExtendWith(SharedPlatform.class)
class SharedSubscriptionsTest {

    private static final String NEAR = "us-east/a/2";

    private final LocalPlatform platform;

    SharedSubscriptionsTest(LocalPlatform platform) {
        this.platform = platform;
    }

    @Test
    void membersThatAreConnectedComeFirstAndThenThoseNearby() {
        var topicFilter = "$share/presence/presence/#";
        try (var publisher = platform.connect("us-east/a/1");
                var far = platform.connect("eu-west/b/1")) {
            var near = platform.connectToStay(NEAR);
            far.subscribe(topicFilter, MqttQos.AT_LEAST_ONCE);
            near.subscribe(topicFilter, MqttQos.AT_LEAST_ONCE);
            Device.awaitEffective(List.of(near, far), List.of(publisher));

            publisher.publish("presence/both", MqttQos.AT_LEAST_ONCE, "");
            await().atMost(Device.PATIENCE)
                    .untilAsserted(
                            () -> assertThat(near.received("presence/both")).hasSize(1));
            near.close();

            await().atMost(Device.PATIENCE).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
                publisher.publish("presence/far", MqttQos.AT_LEAST_ONCE, "");
                assertThat(far.received("presence/far")).isNotEmpty();
            });
            assertThat(far.received("presence/both")).isEmpty();
        }
    }

    @Test
    void whatAMemberLeavesBehindGoesToAMemberInAnotherRegionAndToNobodyElse() {
        var topicFilter = "$share/left/left/#";
        try (var publisher = platform.connect("us-east/a/1");
                var neighbour = platform.connect(NEAR);
                var far = platform.connect("eu-west/b/1");
                var everything = platform.connect("eu-west/b/1")) {
            var member = platform.connectToStay(NEAR);
            member.subscribe(topicFilter, MqttQos.AT_LEAST_ONCE);
            everything.subscribe("left/#", MqttQos.AT_LEAST_ONCE);
            Device.awaitEffective(List.of(member, everything), List.of(publisher));
            member.close();
            publisher.publish("left/1", MqttQos.AT_LEAST_ONCE, "");
            await().atMost(Device.PATIENCE)
                    .untilAsserted(
                            () -> assertThat(everything.received("left/1")).hasSize(1));
            far.subscribe(topicFilter, MqttQos.AT_LEAST_ONCE);
            Device.awaitEffective(List.of(far), List.of(publisher, neighbour));
            assertThat(far.received("left/1")).isEmpty();

            try (var another = member.beginAnew(platform.portOfNode(NEAR))) {
                await().atMost(Device.PATIENCE)
                        .untilAsserted(() -> assertThat(far.received("left/1")).hasSize(1));
                assertThat(another.received("left/1")).isEmpty();
            }
            Device.awaitEffective(List.of(everything), List.of(neighbour)); // What was on its way before has come.
            assertThat(everything.received("left/1")).hasSize(1);
        }
    }
}
