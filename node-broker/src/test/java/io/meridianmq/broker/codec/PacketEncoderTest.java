package io.meridianmq.broker.codec;

import static io.meridianmq.broker.packet.ProtocolVersion.MQTT_3_1;
import static io.meridianmq.broker.packet.ProtocolVersion.MQTT_3_1_1;
import static io.meridianmq.broker.packet.ProtocolVersion.MQTT_5;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.meridianmq.broker.packet.AuthPacket;
import io.meridianmq.broker.packet.Authentication;
import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.ConnackPacket;
import io.meridianmq.broker.packet.ConnackProperties;
import io.meridianmq.broker.packet.DisconnectPacket;
import io.meridianmq.broker.packet.DisconnectProperties;
import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.PacketType;
import io.meridianmq.broker.packet.PubackPacket;
import io.meridianmq.broker.packet.PubcompPacket;
import io.meridianmq.broker.packet.PubrecPacket;
import io.meridianmq.broker.packet.PubrelPacket;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.packet.ReasonProperties;
import io.meridianmq.broker.packet.SubackPacket;
import io.meridianmq.broker.packet.UnsubackPacket;
import io.meridianmq.broker.packet.UserProperty;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PacketEncoderTest {

    private static final List<UserProperty> A_IS_B = List.of(new UserProperty("a", "b"));
    private static final PubackPacket EXPLAINED =
            new PubackPacket(1, ReasonCode.QUOTA_EXCEEDED, new ReasonProperties("why", A_IS_B));

    private static String encode(PacketEncoder encoder, Packet packet) {
        var out = Unpooled.buffer();
        return encoder.encode(packet, out) ? Bytes.hex(out) : "not written, " + out.readableBytes() + " bytes";
    }

    private static String hex(String bytes) {
        return Bytes.hex(Unpooled.wrappedBuffer(Bytes.parse(bytes)));
    }

    /** [MQTT-3.4.2-2] [MQTT-3.4.2-3] */
    @Test
    void leavesOutUserPropertiesThenTheReasonStringRatherThanExceedTheMaximum() {
        var whole = hex("40 11 00 01 97 0D 1F 00 03 'why' 26 00 01 'a' 00 01 'b'");
        assertThat(encode(new PacketEncoder(MQTT_5, 19, true), EXPLAINED)).isEqualTo(whole);
        var withoutProperties = hex("40 0A 00 01 97 06 1F 00 03 'why'");
        assertThat(encode(new PacketEncoder(MQTT_5, 18, true), EXPLAINED)).isEqualTo(withoutProperties);
        assertThat(encode(new PacketEncoder(MQTT_5, 12, true), EXPLAINED)).isEqualTo(withoutProperties);
        var bare = hex("40 03 00 01 97");
        assertThat(encode(new PacketEncoder(MQTT_5, 11, true), EXPLAINED)).isEqualTo(bare);
        assertThat(encode(new PacketEncoder(MQTT_5, 4, true), EXPLAINED)).isEqualTo("not written, 0 bytes");
    }

    private static List<Packet> explained() {
        var why = new ReasonProperties("why", A_IS_B);
        return List.of(
                new PubrecPacket(1, ReasonCode.QUOTA_EXCEEDED, why),
                new PubrelPacket(1, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND, why),
                new PubcompPacket(1, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND, why),
                new SubackPacket(1, List.of(ReasonCode.QUOTA_EXCEEDED), why),
                new UnsubackPacket(1, List.of(ReasonCode.NOT_AUTHORIZED), why),
                new DisconnectPacket(ReasonCode.SERVER_BUSY, new DisconnectProperties(-1, "why", A_IS_B, "")),
                new AuthPacket(
                        ReasonCode.CONTINUE_AUTHENTICATION,
                        Optional.of(new Authentication("m", BinaryData.EMPTY)),
                        "why",
                        A_IS_B));
    }

    /**
     * [MQTT-3.5.2-2] [MQTT-3.5.2-3] [MQTT-3.6.2-2] [MQTT-3.6.2-3] [MQTT-3.7.2-2] [MQTT-3.7.2-3] [MQTT-3.9.2-1]
     * [MQTT-3.9.2-2] [MQTT-3.11.2-1] [MQTT-3.11.2-2] [MQTT-3.14.2-3] [MQTT-3.14.2-4] [MQTT-3.15.2-2] [MQTT-3.15.2-3]
     */
    @ParameterizedTest
    @MethodSource("explained")
    void explainsAsMuchAsFits(Packet packet) {
        var reasonString = hex("1F 00 03 'why'");
        var userProperty = hex("26 00 01 'a' 00 01 'b'");
        var whole = encode(PacketEncoder.unlimited(MQTT_5), packet);
        assertThat(whole).contains(reasonString, userProperty);
        var size = whole.length() / 2;
        assertThat(encode(new PacketEncoder(MQTT_5, size, true), packet)).isEqualTo(whole);
        assertThat(encode(new PacketEncoder(MQTT_5, size - 1, true), packet))
                .contains(reasonString)
                .doesNotContain(userProperty);
        var bare = encode(new PacketEncoder(MQTT_5, size - userProperty.length() / 2 - 1, true), packet);
        assertThat(bare).doesNotContain(reasonString, userProperty).doesNotStartWith("not written");
    }

    /** [MQTT-3.2.2-19] [MQTT-3.2.2-20] [MQTT-3.14.2-3] [MQTT-3.14.2-4] */
    @Test
    void keepsWhatConnackAndDisconnectMustSay() {
        var connack = new ConnackPacket(
                false,
                ReasonCode.SUCCESS,
                ConnackProperties.builder()
                        .assignedClientIdentifier("id")
                        .reasonString("why")
                        .userProperties(A_IS_B)
                        .build());
        assertThat(encode(new PacketEncoder(MQTT_5, 10, true), connack)).isEqualTo(hex("20 08 00 00 05 12 00 02 'id'"));
        var disconnect =
                new DisconnectPacket(ReasonCode.USE_ANOTHER_SERVER, new DisconnectProperties(-1, "why", A_IS_B, "s"));
        assertThat(encode(new PacketEncoder(MQTT_5, 10, true), disconnect)).isEqualTo(hex("E0 06 9C 04 1C 00 01 's'"));
    }

    /** [MQTT-3.1.2-29] */
    @Test
    void explainsOnlyConnackAndDisconnectToAClientThatWantsNoProblemInformation() {
        var encoder = new PacketEncoder(MQTT_5, Packet.SIZE_MAX, false);
        assertThat(encode(encoder, EXPLAINED)).isEqualTo(hex("40 03 00 01 97"));
        var suback = new SubackPacket(1, List.of(ReasonCode.GRANTED_QOS_0), new ReasonProperties("why", A_IS_B));
        assertThat(encode(encoder, suback)).isEqualTo(hex("90 04 00 01 00 00"));
        var disconnect = new DisconnectPacket(ReasonCode.SERVER_BUSY, DisconnectProperties.reason("why"));
        assertThat(encode(encoder, disconnect)).isEqualTo(hex("E0 08 89 06 1F 00 03 'why'"));
    }

    @Test
    void writesLengthsThatTakeMoreThanOneByte() {
        var out = Unpooled.buffer();
        var packet = new DisconnectPacket(ReasonCode.SERVER_BUSY, DisconnectProperties.reason("x".repeat(20_000)));
        assertThat(PacketEncoder.unlimited(MQTT_5).encode(packet, out)).isTrue();
        assertThat(Bytes.hex(out.slice(0, 11))).isEqualTo(hex("E0 A7 9C 01 89 A3 9C 01 1F 4E 20"));
        assertThat(Decoders.decode(Decoders.of(Sender.SERVER, MQTT_5), out)).isEqualTo(packet);
    }

    @ParameterizedTest
    @EnumSource(ReasonCode.class)
    void tellsOlderClientsTheNearestReturnCode(ReasonCode reason) {
        if (!reason.isAllowedIn(PacketType.CONNACK)) {
            return;
        }
        var expected = switch (reason) {
            case SUCCESS -> "00";
            case UNSUPPORTED_PROTOCOL_VERSION -> "01";
            case CLIENT_IDENTIFIER_NOT_VALID -> "02";
            case BAD_USER_NAME_OR_PASSWORD -> "04";
            case NOT_AUTHORIZED, BANNED, BAD_AUTHENTICATION_METHOD -> "05";
            default -> "03";
        };
        var connack = new ConnackPacket(false, reason, ConnackProperties.NONE);
        assertThat(encode(PacketEncoder.unlimited(MQTT_3_1_1), connack)).isEqualTo("200200" + expected);
    }

    @Test
    void leavesOutWhatOlderVersionsDoNotKnow() {
        assertThat(encode(PacketEncoder.unlimited(MQTT_3_1_1), EXPLAINED)).isEqualTo(hex("40 02 00 01"));
        var present = new ConnackPacket(true, ReasonCode.SUCCESS, ConnackProperties.NONE);
        assertThat(encode(PacketEncoder.unlimited(MQTT_3_1), present)).isEqualTo(hex("20 02 00 00"));
        var suback = new SubackPacket(1, List.of(ReasonCode.NOT_AUTHORIZED), ReasonProperties.NONE);
        assertThat(encode(PacketEncoder.unlimited(MQTT_3_1_1), suback)).isEqualTo(hex("90 03 00 01 80"));
        var auth = new AuthPacket(ReasonCode.SUCCESS, Optional.empty(), "", List.of());
        assertThatIllegalArgumentException().isThrownBy(() -> encode(PacketEncoder.unlimited(MQTT_3_1_1), auth));
    }
}
