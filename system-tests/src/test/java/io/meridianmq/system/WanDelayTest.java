package io.meridianmq.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two small regions that are far apart. */
@Tag("server")
class WanDelayTest {

    private static final Duration DELAY = Duration.ofMillis(100);

    @BeforeAll
    static void requirePrograms() {
        SharedPlatform.requirePrograms();
    }

    @Test
    void messagesTakeTheDelayInEachDirection() throws IOException, InterruptedException {
        try (var platform = LocalPlatform.start(List.of(
                        "--regions",
                        "near,far",
                        "--zones",
                        "1",
                        "--nodes",
                        "1",
                        "--wan-delay",
                        DELAY.toMillis() + "ms"));
                var near = platform.connect("near/a/1");
                var far = platform.connect("far/a/1")) {
            near.subscribe("to-near", MqttQos.AT_LEAST_ONCE);
            far.subscribe("to-far", MqttQos.AT_LEAST_ONCE);
            Device.awaitEffective(List.of(near), List.of(far));
            Device.awaitEffective(List.of(far), List.of(near));

            assertThat(nanosUntilReceived(near, far, "to-far")).isGreaterThanOrEqualTo(DELAY.toNanos());
            assertThat(nanosUntilReceived(far, near, "to-near")).isGreaterThanOrEqualTo(DELAY.toNanos());
        }
    }

    private static long nanosUntilReceived(Device publisher, Device subscriber, String topic) {
        var begin = System.nanoTime();
        publisher.publish(topic, MqttQos.AT_LEAST_ONCE, "");
        await().atMost(Device.PATIENCE).until(() -> !subscriber.received(topic).isEmpty());
        var took = subscriber.received(topic).getFirst().nanos() - begin;
        Figures.add("publish to arrival with 100 ms between the regions", took / 1_000_000 + " ms");
        return took;
    }
}
