package io.meridianmq.broker.codec;

import static io.meridianmq.broker.packet.ProtocolVersion.MQTT_3_1;
import static io.meridianmq.broker.packet.ProtocolVersion.MQTT_3_1_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.broker.packet.ConnectPacket;
import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.PacketType;
import io.meridianmq.broker.packet.PingreqPacket;
import io.meridianmq.broker.packet.ProtocolVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What older versions allow and MQTT 5 does not. */
class OlderVersionsTest {

    private static Packet decode(ProtocolVersion version, String bytes) {
        var in = Bytes.buffer(bytes);
        var packet = Decoders.decode(Decoders.client(version), in);
        in.release();
        return packet;
    }

    /** MQTT 3.1, section 2.1: DUP may be set where the QoS is 1. */
    @ParameterizedTest
    @ValueSource(strings = {"8A 06 00 01 00 01 'a' 00", "AA 05 00 01 00 01 'a'", "6A 02 00 01"})
    void takesDupFromAClientOf31(String bytes) {
        assertThat(decode(MQTT_3_1, bytes).type())
                .isIn(PacketType.SUBSCRIBE, PacketType.UNSUBSCRIBE, PacketType.PUBREL);
    }

    /** MQTT 3.1, section 3.1: the remaining length takes precedence over the user name flag. */
    @Test
    void takesAConnectOf31WithoutTheUserNameItAnnounces() {
        var connect = (ConnectPacket) decode(MQTT_3_1, "10 0F 00 06 'MQIsdp' 03 C2 00 00 00 01 'c'");
        assertThat(connect.userName()).isEmpty();
        assertThat(connect.password()).isEmpty();
    }

    /** The shortest form is a rule of MQTT 5 alone. */
    @Test
    void takesARemainingLengthThatIsLongerThanNeeded() {
        assertThat(decode(MQTT_3_1_1, "C0 80 00")).isEqualTo(PingreqPacket.INSTANCE);
    }
}
