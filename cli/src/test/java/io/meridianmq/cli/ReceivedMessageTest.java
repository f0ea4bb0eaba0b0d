package io.meridianmq.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReceivedMessageTest {

    @Test
    void textIsPrintedAsText() {
        var properties = List.of(new UserProperty("unit", "°C"), new UserProperty("unit", "again"));
        var publish = Mqtt5Publish.builder()
                .topic("plant/7/temp")
                .payload("21.5 \"warm\"".getBytes(StandardCharsets.UTF_8))
                .qos(MqttQos.AT_LEAST_ONCE)
                .retain(true)
                .messageExpiryInterval(60)
                .userProperties(UserProperty.packetOf(properties))
                .build();

        assertThat(ReceivedMessage.toJson(publish))
                .startsWith("{\"topic\":\"plant/7/temp\",\"qos\":1,\"retain\":true,\"payload\":\"21.5 \\\"warm\\\"\","
                        + "\"expirySeconds\":60,\"properties\":[{\"name\":\"unit\",\"value\":\"°C\"},")
                .doesNotContain("\n")
                .containsSubsequence("\"°C\"", "\"again\"");
    }

    @Test
    void otherBytesArePrintedInBase64() {
        var publish = Mqtt5Publish.builder()
                .topic("a")
                .payload(new byte[] {(byte) 0xff, 0})
                .build();

        assertThat(ReceivedMessage.toJson(publish))
                .contains("\"payloadBase64\":\"/wA=\"")
                .doesNotContain("\"payload\"");
    }
}
