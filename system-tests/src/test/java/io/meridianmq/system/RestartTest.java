package io.meridianmq.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import io.meridianmq.system.Device.Message;
import io.meridianmq.system.LocalPlatform.Member;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The end of a platform, and its second start: the smallest one there is, apart from the shared one. */
@Tag("server")
class RestartTest {

    @BeforeAll
    static void requirePrograms() {
        SharedPlatform.requirePrograms();
    }

    @Test
    void downLeavesNoProcessAndTheSecondUpHasTheData() throws IOException, InterruptedException {
        try (var platform = LocalPlatform.start(List.of("--regions", "solo", "--zones", "1", "--nodes", "1"))) {
            try (var device = platform.connect("solo/a/1")) {
                device.publishRetained("kept/temp", "21.5");
            }
            var processes = platform.members();

            assertThat(platform.meridian("down").exitCode()).isZero();
            assertThat(processes).hasSize(7);
            // A process whose parent is gone is there until the system has noted its end.
            await().atMost(Device.PATIENCE).until(() -> processes.stream().noneMatch(Member::isAlive));

            platform.restart();
            try (var device = platform.connect("solo/a/1")) {
                device.subscribe("kept/+", MqttQos.AT_LEAST_ONCE);
                await().atMost(Device.PATIENCE)
                        .untilAsserted(() -> assertThat(device.received("kept/"))
                                .extracting(Message::payload)
                                .containsExactly("21.5"));
            }
        }
    }
}
