package io.meridianmq.cli.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written, read by another codec. */
class PacketsTest {

    private static final int IDENTIFIER = 4_660;
    private static final String TOPIC = "plant/7/\u00e4";

    @ParameterizedTest
    @EnumSource
    void connectBeginsANewSessionThatEndsWithItsConnection(ProtocolVersion version) {
        var connect = (MqttConnectMessage) decoded(version).readInbound();

        assertThat(connect.variableHeader().version()).isEqualTo(version.level());
        assertThat(connect.variableHeader().isCleanSession()).isTrue();
        assertThat(connect.variableHeader().keepAliveTimeSeconds()).isEqualTo(30);
        assertThat(connect.variableHeader().properties().listAll()).isEmpty();
        assertThat(connect.payload().clientIdentifier()).isEqualTo("client");
    }

    @Test
    void durableSessionOutlivesItsConnectionAndIsEndedInOrder() {
        var login = new Login(ProtocolVersion.V5, "client", 30, true);
        var out = Unpooled.buffer();
        ClientPackets.writeConnect(out, login);
        ClientPackets.writeDisconnect(out, login);
        var channel = new EmbeddedChannel(new MqttDecoder(1 << 20));
        channel.writeInbound(out);

        var connect = (MqttConnectMessage) channel.readInbound();
        assertThat(connect.variableHeader().isCleanSession()).isTrue();
        assertThat(expiry(connect.variableHeader().properties())).isEqualTo(60);
        assertThat(connect.payload().clientIdentifier()).isEqualTo("client");
        var disconnect = (MqttMessage) channel.readInbound();
        var header = (MqttReasonCodeAndPropertiesVariableHeader) disconnect.variableHeader();
        assertThat(header.reasonCode()).isZero();
        assertThat(expiry(header.properties())).isZero();
    }

    private static int expiry(MqttProperties properties) {
        return ((MqttProperties.IntegerProperty) properties.getProperty(MqttProperties.SESSION_EXPIRY_INTERVAL))
                .value();
    }

    @Test
    void durableSessionNeedsAVersionWithProperties() {
        assertThatThrownBy(() -> new Login(ProtocolVersion.V3_1_1, "client", 30, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("MQTT 5");
    }

    @ParameterizedTest
    @EnumSource
    void subscriptionsAndTheirEndNameTheirFilter(ProtocolVersion version) {
        var out = Unpooled.buffer();
        ClientPackets.writeSubscribe(out, version, IDENTIFIER, TOPIC, 2);
        ClientPackets.writeUnsubscribe(out, version, IDENTIFIER, TOPIC);
        var channel = decoded(version, out);

        var subscribe = (MqttSubscribeMessage) channel.readInbound();
        assertThat(subscribe.variableHeader().messageId()).isEqualTo(IDENTIFIER);
        assertThat(subscribe.payload().topicSubscriptions())
                .singleElement()
                .satisfies(each -> assertThat(each.topicFilter()).isEqualTo(TOPIC))
                .satisfies(each -> assertThat(each.qualityOfService()).isEqualTo(MqttQoS.EXACTLY_ONCE));
        var unsubscribe = (MqttUnsubscribeMessage) channel.readInbound();
        assertThat(unsubscribe.variableHeader().messageId()).isEqualTo(IDENTIFIER);
        assertThat(unsubscribe.payload().topics()).containsExactly(TOPIC);
    }

    @ParameterizedTest
    @EnumSource
    void messagesDifferInTheirStampAndPacketIdentifierOnly(ProtocolVersion version) {
        for (var qos = 0; qos <= 2; qos++) {
            var frame = new PublishFrame(version, TOPIC, qos, true, 300, new Random(1));
            var out = Unpooled.buffer();
            frame.write(out, IDENTIFIER, Stamp.origin(3, 5), 77);
            frame.write(out, IDENTIFIER + 1, Stamp.origin(3, 6), 78);
            assertThat(out.readableBytes()).isEqualTo(2 * frame.bytes());
            var channel = decoded(version, out);

            for (var number = 0; number < 2; number++) {
                var publish = (MqttPublishMessage) channel.readInbound();
                assertThat(publish.variableHeader().topicName()).isEqualTo(TOPIC);
                assertThat(publish.fixedHeader().qosLevel().value()).isEqualTo(qos);
                assertThat(publish.fixedHeader().isRetain()).isTrue();
                assertThat(publish.variableHeader().packetId()).isEqualTo(qos == 0 ? -1 : IDENTIFIER + number);
                assertThat(publish.payload().readableBytes()).isEqualTo(300);
                assertThat(publish.payload().getLong(0)).isEqualTo(Stamp.origin(3, 5 + number));
                assertThat(publish.payload().getLong(8)).isEqualTo(77 + number);
                publish.release();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void emptyRetainedMessageClearsItsTopic(ProtocolVersion version) {
        var out = Unpooled.buffer();
        ClientPackets.writeEmptyRetained(out, version, IDENTIFIER, TOPIC, 1);

        var publish = (MqttPublishMessage) decoded(version, out).readInbound();
        assertThat(publish.fixedHeader().isRetain()).isTrue();
        assertThat(publish.fixedHeader().qosLevel()).isEqualTo(MqttQoS.AT_LEAST_ONCE);
        assertThat(publish.variableHeader().topicName()).isEqualTo(TOPIC);
        assertThat(publish.variableHeader().packetId()).isEqualTo(IDENTIFIER);
        assertThat(publish.payload().isReadable()).isFalse();
        publish.release();
    }

    @ParameterizedTest
    @EnumSource
    void payloadWithoutRoomForAStampIsRefused(ProtocolVersion version) {
        assertThatThrownBy(() -> new PublishFrame(version, TOPIC, 0, false, Stamp.BYTES - 1, new Random(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("15 bytes");
    }

    /** A decoder that has read CONNECT, and then these. */
    private static EmbeddedChannel decoded(ProtocolVersion version, ByteBuf packets) {
        var channel = decoded(version);
        channel.readInbound();
        channel.writeInbound(packets);
        return channel;
    }

    private static EmbeddedChannel decoded(ProtocolVersion version) {
        var connect = Unpooled.buffer();
        ClientPackets.writeConnect(connect, new Login(version, "client", 30, false));
        var channel = new EmbeddedChannel(new MqttDecoder(1 << 20));
        channel.writeInbound(connect);
        return channel;
    }
}
