package io.meridianmq.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import io.meridianmq.system.Device.Message;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients that connect now to one node of their zone, now to another one. */
@Tag("server")
@ExtendWith(SharedPlatform.class)
class RoamingTest {

    private static final String HERE = "us-east/a/1";
    private static final String THERE = "us-east/a/2";

    /** Enough that the sessions of some are at each of the two nodes. */
    private static final int CLIENTS = 12;

    private final LocalPlatform platform;
    private final List<Device> devices = new ArrayList<>();

    RoamingTest(LocalPlatform platform) {
        this.platform = platform;
    }

    @AfterEach
    void disconnect() {
        devices.forEach(Device::close);
    }

    /** [MQTT-3.1.2-5] [MQTT-4.5.0-1] */
    @Test
    void aClientGoesOnWithItsSessionAtAnotherNodeOfItsZone() {
        for (var i = 0; i < CLIENTS; i++) {
            var first = goOn(HERE, i);
            assertThat(first.sessionPresent()).isFalse();
            first.subscribe("roaming/" + i, MqttQos.EXACTLY_ONCE);
            first.close();
        }
        var publisher = platform.connect(HERE);
        devices.add(publisher);
        for (var i = 0; i < CLIENTS; i++) {
            publisher.publish("roaming/" + i, MqttQos.AT_LEAST_ONCE, "at least once");
            publisher.publish("roaming/" + i, MqttQos.EXACTLY_ONCE, "exactly once");
        }
        for (var i = 0; i < CLIENTS; i++) {
            var second = goOn(THERE, i);
            assertThat(second.sessionPresent()).as("session of %d", i).isTrue();
            awaitPayloads(second, i, "at least once", "exactly once");
            var third = goOn(HERE, i); // While the second is connected.
            assertThat(third.sessionPresent()).as("session of %d", i).isTrue();
            third.publish("roaming/" + i, MqttQos.EXACTLY_ONCE, "to itself");
            awaitPayloads(third, i, "to itself");
            await().atMost(Device.PATIENCE).until(() -> !second.isConnected());
        }
    }

    private Device goOn(String node, int number) {
        var device = platform.goOn(node, "roaming-" + number);
        devices.add(device);
        return device;
    }

    private static void awaitPayloads(Device device, int number, String... payloads) {
        await().atMost(Device.PATIENCE)
                .untilAsserted(() -> assertThat(device.received("roaming/" + number))
                        .extracting(Message::payload)
                        .endsWith(payloads));
    }
}
