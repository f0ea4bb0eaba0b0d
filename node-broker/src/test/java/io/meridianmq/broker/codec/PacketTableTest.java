package io.meridianmq.broker.codec;

import static io.meridianmq.broker.codec.Sender.CLIENT;
import static io.meridianmq.broker.codec.Sender.SERVER;
import static io.meridianmq.broker.packet.ProtocolVersion.MQTT_3_1;
import static io.meridianmq.broker.packet.ProtocolVersion.MQTT_3_1_1;
import static io.meridianmq.broker.packet.ProtocolVersion.MQTT_5;
import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.broker.packet.AuthPacket;
import io.meridianmq.broker.packet.Authentication;
import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.ConnackPacket;
import io.meridianmq.broker.packet.ConnackProperties;
import io.meridianmq.broker.packet.ConnectPacket;
import io.meridianmq.broker.packet.ConnectProperties;
import io.meridianmq.broker.packet.DisconnectPacket;
import io.meridianmq.broker.packet.DisconnectProperties;
import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.PingreqPacket;
import io.meridianmq.broker.packet.PingrespPacket;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PubackPacket;
import io.meridianmq.broker.packet.PubcompPacket;
import io.meridianmq.broker.packet.PublishMessage;
import io.meridianmq.broker.packet.PublishProperties;
import io.meridianmq.broker.packet.PubrecPacket;
import io.meridianmq.broker.packet.PubrelPacket;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.packet.ReasonProperties;
import io.meridianmq.broker.packet.RetainHandling;
import io.meridianmq.broker.packet.SubackPacket;
import io.meridianmq.broker.packet.SubscribePacket;
import io.meridianmq.broker.packet.Subscription;
import io.meridianmq.broker.packet.UnsubackPacket;
import io.meridianmq.broker.packet.UnsubscribePacket;
import io.meridianmq.broker.packet.UserProperty;
import io.meridianmq.broker.packet.Will;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.topic.TopicFilter;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One table of bytes and what they mean, for every packet but PUBLISH, in every version, read and written. CONNECT has its
 * fields in their order, the client identifier first [MQTT-3.1.3-1] [MQTT-3.1.3-3] [MQTT3-3.1.3-1] [MQTT3-3.1.3-3]. CONNACK
 * has nothing in its reserved bits [MQTT-3.2.2-1], and a limited QoS if there is one [MQTT-3.2.2-9].
 */
class PacketTableTest {

    private static final List<UserProperty> A_IS_B = List.of(new UserProperty("a", "b"));

    record Row(String name, Sender sender, ProtocolVersion version, String bytes, Packet packet) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Row client(String name, ProtocolVersion version, String bytes, Packet packet) {
        return new Row(name, CLIENT, version, bytes, packet);
    }

    private static Row server(String name, ProtocolVersion version, String bytes, Packet packet) {
        return new Row(name, SERVER, version, bytes, packet);
    }

    private static ConnectPacket connect(ProtocolVersion version, String clientIdentifier) {
        return new ConnectPacket(
                version,
                true,
                60,
                clientIdentifier,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                ConnectProperties.NONE);
    }

    static Stream<Row> rows() {
        return Stream.of(
                        connects(),
                        connacks(),
                        acknowledgements(),
                        subscriptions(),
                        subscriptionAcknowledgements(),
                        endings())
                .flatMap(rows -> rows);
    }

    private static Stream<Row> connects() {
        var will = new PublishMessage("w", BinaryData.of((byte) 7), Qos.AT_LEAST_ONCE, true, PublishProperties.NONE);
        var willOf5 = new PublishMessage(
                "w",
                BinaryData.of((byte) 7),
                Qos.EXACTLY_ONCE,
                false,
                new PublishProperties(
                        1,
                        9,
                        0,
                        "r",
                        Optional.of(BinaryData.of((byte) 1, (byte) 2)),
                        A_IS_B,
                        List.of(),
                        Optional.of("t")));
        return Stream.of(
                client(
                        "CONNECT 3.1",
                        MQTT_3_1,
                        "10 11 00 06 'MQIsdp' 03 02 00 3C 00 03 'cid'",
                        connect(MQTT_3_1, "cid")),
                client(
                        "CONNECT 3.1.1",
                        MQTT_3_1_1,
                        "10 0F 00 04 'MQTT' 04 02 00 3C 00 03 'cid'",
                        connect(MQTT_3_1_1, "cid")),
                client(
                        "CONNECT 3.1.1 with no identifier and a clean session",
                        MQTT_3_1_1,
                        "10 0C 00 04 'MQTT' 04 02 00 3C 00 00",
                        connect(MQTT_3_1_1, "")),
                client("CONNECT 5", MQTT_5, "10 0D 00 04 'MQTT' 05 02 00 3C 00 00 00", connect(MQTT_5, "")),
                client(
                        "CONNECT 3.1.1 with will, user name and password",
                        MQTT_3_1_1,
                        "10 1A 00 04 'MQTT' 04 EC 00 00 00 01 'c' 00 01 'w' 00 01 07 00 01 'u' 00 02 00 FF",
                        new ConnectPacket(
                                MQTT_3_1_1,
                                false,
                                0,
                                "c",
                                Optional.of(new Will(will, 0)),
                                Optional.of("u"),
                                Optional.of(BinaryData.of((byte) 0, (byte) 0xFF)),
                                ConnectProperties.NONE)),
                client(
                        "CONNECT 5 with every property, and a will with every property",
                        MQTT_5,
                        "10 5B 00 04 'MQTT' 05 56 00 0A"
                                + " 23 11 00 00 01 00 21 00 14 27 00 00 04 00 22 00 05 19 01 17 00"
                                + " 26 00 01 'a' 00 01 'b' 15 00 01 'm' 16 00 01 '!'"
                                + " 00 01 'c'"
                                + " 20 18 00 00 00 05 01 01 02 00 00 00 09 08 00 01 'r' 09 00 02 01 02"
                                + " 26 00 01 'a' 00 01 'b' 03 00 01 't'"
                                + " 00 01 'w' 00 01 07 00 01 'p'",
                        new ConnectPacket(
                                MQTT_5,
                                true,
                                10,
                                "c",
                                Optional.of(new Will(willOf5, 5)),
                                Optional.empty(),
                                Optional.of(BinaryData.of((byte) 'p')),
                                new ConnectProperties(
                                        256,
                                        20,
                                        1024,
                                        5,
                                        true,
                                        false,
                                        A_IS_B,
                                        Optional.of(new Authentication("m", BinaryData.of((byte) '!')))))));
    }

    private static Stream<Row> connacks() {
        return Stream.of(
                server(
                        "CONNACK 3.1.1, session present",
                        MQTT_3_1_1,
                        "20 02 01 00",
                        new ConnackPacket(true, ReasonCode.SUCCESS, ConnackProperties.NONE)),
                server(
                        "CONNACK 3.1.1, bad version",
                        MQTT_3_1_1,
                        "20 02 00 01",
                        new ConnackPacket(false, ReasonCode.UNSUPPORTED_PROTOCOL_VERSION, ConnackProperties.NONE)),
                server(
                        "CONNACK 3.1, not authorized",
                        MQTT_3_1,
                        "20 02 00 05",
                        new ConnackPacket(false, ReasonCode.NOT_AUTHORIZED, ConnackProperties.NONE)),
                server(
                        "CONNACK 5",
                        MQTT_5,
                        "20 03 00 00 00",
                        new ConnackPacket(false, ReasonCode.SUCCESS, ConnackProperties.NONE)),
                server(
                        "CONNACK 5 with every property",
                        MQTT_5,
                        "20 3F 01 00 3C"
                                + " 11 00 00 00 01 21 00 0A 24 01 25 00 27 00 00 08 00 12 00 01 'i' 22 00 07"
                                + " 28 00 29 00 2A 00 13 00 1E 1A 00 01 'n' 1C 00 01 's' 15 00 01 'm' 16 00 01 '!'"
                                + " 1F 00 01 'x' 26 00 01 'a' 00 01 'b'",
                        new ConnackPacket(
                                true,
                                ReasonCode.SUCCESS,
                                ConnackProperties.builder()
                                        .sessionExpiryIntervalSeconds(1)
                                        .receiveMaximum(10)
                                        .maximumQos(Qos.AT_LEAST_ONCE)
                                        .retainAvailable(false)
                                        .maximumPacketSize(2048)
                                        .assignedClientIdentifier("i")
                                        .topicAliasMaximum(7)
                                        .reasonString("x")
                                        .userProperties(A_IS_B)
                                        .wildcardSubscriptionAvailable(false)
                                        .subscriptionIdentifiersAvailable(false)
                                        .sharedSubscriptionAvailable(false)
                                        .serverKeepAliveSeconds(30)
                                        .responseInformation("n")
                                        .serverReference("s")
                                        .authentication(new Authentication("m", BinaryData.of((byte) '!')))
                                        .build())));
    }

    private static Stream<Row> acknowledgements() {
        var explained = new ReasonProperties("why", A_IS_B);
        return Stream.of(
                client("PUBACK 3.1.1", MQTT_3_1_1, "40 02 12 34", new PubackPacket(0x1234, ReasonCode.SUCCESS)),
                client("PUBREC 3.1.1", MQTT_3_1_1, "50 02 12 34", new PubrecPacket(0x1234, ReasonCode.SUCCESS)),
                client("PUBREL 3.1.1", MQTT_3_1_1, "62 02 12 34", new PubrelPacket(0x1234, ReasonCode.SUCCESS)),
                client("PUBCOMP 3.1", MQTT_3_1, "70 02 12 34", new PubcompPacket(0x1234, ReasonCode.SUCCESS)),
                client("PUBACK 5", MQTT_5, "40 02 FF FF", new PubackPacket(0xFFFF, ReasonCode.SUCCESS)),
                server(
                        "PUBACK 5 with a reason",
                        MQTT_5,
                        "40 03 00 01 10",
                        new PubackPacket(1, ReasonCode.NO_MATCHING_SUBSCRIBERS)),
                server(
                        "PUBREC 5 with an explanation",
                        MQTT_5,
                        "50 11 00 01 97 0D 1F 00 03 'why' 26 00 01 'a' 00 01 'b'",
                        new PubrecPacket(1, ReasonCode.QUOTA_EXCEEDED, explained)),
                client(
                        "PUBREL 5 with a reason",
                        MQTT_5,
                        "62 03 00 01 92",
                        new PubrelPacket(1, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND)),
                client(
                        "PUBCOMP 5 with an explanation of success",
                        MQTT_5,
                        "70 11 00 01 00 0D 1F 00 03 'why' 26 00 01 'a' 00 01 'b'",
                        new PubcompPacket(1, ReasonCode.SUCCESS, explained)));
    }

    private static Stream<Row> subscriptions() {
        return Stream.of(
                client(
                        "SUBSCRIBE 3.1.1",
                        MQTT_3_1_1,
                        "82 0D 00 05 00 03 'a/#' 01 00 02 '/+' 00",
                        new SubscribePacket(
                                5,
                                List.of(
                                        new Subscription(TopicFilter.of("a/#"), Qos.AT_LEAST_ONCE),
                                        new Subscription(TopicFilter.of("/+"), Qos.AT_MOST_ONCE)),
                                0,
                                List.of())),
                client(
                        "SUBSCRIBE 5 with options, identifier and user property",
                        MQTT_5,
                        "82 11 00 05 0A 0B 80 01 26 00 01 'a' 00 01 'b' 00 01 'a' 2E",
                        new SubscribePacket(
                                5,
                                List.of(new Subscription(
                                        TopicFilter.of("a"), Qos.EXACTLY_ONCE, true, true, RetainHandling.DO_NOT_SEND)),
                                128,
                                A_IS_B)),
                client(
                        "SUBSCRIBE 5 shared",
                        MQTT_5,
                        "82 10 00 05 00 00 0A '$share/g/a' 11",
                        new SubscribePacket(
                                5,
                                List.of(new Subscription(
                                        TopicFilter.of("$share/g/a"),
                                        Qos.AT_LEAST_ONCE,
                                        false,
                                        false,
                                        RetainHandling.SEND_IF_NEW)),
                                0,
                                List.of())),
                client(
                        "UNSUBSCRIBE 3.1",
                        MQTT_3_1,
                        "A2 05 00 06 00 01 'a'",
                        new UnsubscribePacket(6, List.of(TopicFilter.of("a")), List.of())),
                client(
                        "UNSUBSCRIBE 5 with a user property",
                        MQTT_5,
                        "A2 10 00 06 07 26 00 01 'a' 00 01 'b' 00 01 'a' 00 01 'b'",
                        new UnsubscribePacket(6, List.of(TopicFilter.of("a"), TopicFilter.of("b")), A_IS_B)));
    }

    private static Stream<Row> subscriptionAcknowledgements() {
        return Stream.of(
                server(
                        "SUBACK 3.1.1",
                        MQTT_3_1_1,
                        "90 06 00 05 00 01 02 80",
                        new SubackPacket(
                                5,
                                List.of(
                                        ReasonCode.GRANTED_QOS_0,
                                        ReasonCode.GRANTED_QOS_1,
                                        ReasonCode.GRANTED_QOS_2,
                                        ReasonCode.UNSPECIFIED_ERROR),
                                ReasonProperties.NONE)),
                server(
                        "SUBACK 5",
                        MQTT_5,
                        "90 0B 00 05 06 1F 00 03 'why' 02 A2",
                        new SubackPacket(
                                5,
                                List.of(ReasonCode.GRANTED_QOS_2, ReasonCode.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED),
                                new ReasonProperties("why", List.of()))),
                server(
                        "UNSUBACK 3.1.1",
                        MQTT_3_1_1,
                        "B0 02 00 06",
                        new UnsubackPacket(6, List.of(), ReasonProperties.NONE)),
                server(
                        "UNSUBACK 5",
                        MQTT_5,
                        "B0 05 00 06 00 00 11",
                        new UnsubackPacket(
                                6,
                                List.of(ReasonCode.SUCCESS, ReasonCode.NO_SUBSCRIPTION_EXISTED),
                                ReasonProperties.NONE)));
    }

    private static Stream<Row> endings() {
        var normal = new DisconnectPacket(ReasonCode.NORMAL_DISCONNECTION, DisconnectProperties.NONE);
        return Stream.of(
                client("PINGREQ", MQTT_3_1_1, "C0 00", PingreqPacket.INSTANCE),
                server("PINGRESP", MQTT_5, "D0 00", PingrespPacket.INSTANCE),
                client("DISCONNECT 3.1.1", MQTT_3_1_1, "E0 00", normal),
                client("DISCONNECT 5", MQTT_5, "E0 00", normal),
                client(
                        "DISCONNECT 5 with will",
                        MQTT_5,
                        "E0 01 04",
                        new DisconnectPacket(ReasonCode.DISCONNECT_WITH_WILL_MESSAGE, DisconnectProperties.NONE)),
                client(
                        "DISCONNECT 5 with a new session expiry",
                        MQTT_5,
                        "E0 07 00 05 11 FF FF FF FF",
                        new DisconnectPacket(
                                ReasonCode.NORMAL_DISCONNECTION,
                                new DisconnectProperties(0xFFFF_FFFFL, "", List.of(), ""))),
                server(
                        "DISCONNECT 5 to another server",
                        MQTT_5,
                        "E0 13 9D 11 1C 00 01 's' 1F 00 03 'why' 26 00 01 'a' 00 01 'b'",
                        new DisconnectPacket(
                                ReasonCode.SERVER_MOVED, new DisconnectProperties(-1, "why", A_IS_B, "s"))),
                client(
                        "AUTH, continue",
                        MQTT_5,
                        "F0 0B 18 09 15 00 01 'm' 16 00 02 01 02",
                        new AuthPacket(
                                ReasonCode.CONTINUE_AUTHENTICATION,
                                Optional.of(new Authentication("m", BinaryData.of((byte) 1, (byte) 2))),
                                "",
                                List.of())),
                client(
                        "AUTH, again, explained",
                        MQTT_5,
                        "F0 13 19 11 15 00 01 'm' 1F 00 03 'why' 26 00 01 'a' 00 01 'b'",
                        new AuthPacket(
                                ReasonCode.RE_AUTHENTICATE,
                                Optional.of(new Authentication("m", BinaryData.EMPTY)),
                                "why",
                                A_IS_B)),
                server(
                        "AUTH, short form of success",
                        MQTT_5,
                        "F0 00",
                        new AuthPacket(ReasonCode.SUCCESS, Optional.empty(), "", List.of())));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void readsTheBytesAsThePacket(Row row) {
        var in = Bytes.buffer(row.bytes);
        var decoder = Decoders.of(row.sender, row.version);
        var length = FrameCut.frameLength(in, Packet.SIZE_MAX);
        assertThat(length).isEqualTo(in.readableBytes());
        assertThat(decoder.decode(in, length)).isEqualTo(row.packet);
        assertThat(in.isReadable()).isFalse();
        assertThat(decoder.version()).isEqualTo(row.version);
        in.release();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void writesThePacketAsTheBytes(Row row) {
        var out = Unpooled.buffer();
        assertThat(PacketEncoder.unlimited(row.version).encode(row.packet, out)).isTrue();
        assertThat(Bytes.hex(out)).isEqualTo(Bytes.hex(Unpooled.wrappedBuffer(Bytes.parse(row.bytes))));
    }
}
