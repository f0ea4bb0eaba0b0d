package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.ConnectPacket;
import io.meridianmq.broker.packet.ConnectProperties;
import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.Properties;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.Will;
import io.netty.buffer.ByteBuf;

/** Writes CONNECT (MQTT 5, section 3.1). */
final class ConnectEncoder {

    private ConnectEncoder() {}

    static void write(ByteBuf out, ConnectPacket packet) {
        var version = packet.version();
        Utf8.write(out, version.protocolName());
        out.writeByte(version.level());
        out.writeByte(flags(packet));
        out.writeShort(packet.keepAliveSeconds());
        if (version.hasProperties()) {
            writeProperties(out, packet.properties());
        }
        Utf8.write(out, packet.clientIdentifier()); // [MQTT-3.1.3-1]
        if (packet.will().isPresent()) {
            writeWill(out, packet.will().get(), version);
        }
        if (packet.userName().isPresent()) {
            Utf8.write(out, packet.userName().get());
        }
        if (packet.password().isPresent()) {
            PropertyWriter.writeBinaryData(out, packet.password().get());
        }
    }

    private static int flags(ConnectPacket packet) {
        var flags = packet.cleanStart() ? 0b10 : 0;
        if (packet.will().isPresent()) {
            var message = packet.will().get().message();
            flags |= 0b100 | (message.qos().value() << 3) | (message.retain() ? 0b10_0000 : 0);
        }
        flags |= packet.password().isPresent() ? 0b100_0000 : 0;
        return flags | (packet.userName().isPresent() ? 0b1000_0000 : 0);
    }

    private static void writeWill(ByteBuf out, Will will, ProtocolVersion version) {
        if (version.hasProperties()) {
            var at = LengthPrefix.open(out);
            PropertyWriter.writeFourByteInteger(out, Property.WILL_DELAY_INTERVAL, will.delayIntervalSeconds(), 0);
            PublishPropertiesEncoder.write(out, will.message().properties());
            LengthPrefix.close(out, at);
        }
        Utf8.write(out, will.message().topic());
        PropertyWriter.writeBinaryData(out, will.message().payload());
    }

    private static void writeProperties(ByteBuf out, ConnectProperties properties) {
        var at = LengthPrefix.open(out);
        PropertyWriter.writeFourByteInteger(
                out, Property.SESSION_EXPIRY_INTERVAL, properties.sessionExpiryIntervalSeconds(), 0);
        PropertyWriter.writeTwoByteInteger(
                out, Property.RECEIVE_MAXIMUM, properties.receiveMaximum(), Properties.RECEIVE_MAXIMUM_DEFAULT);
        PropertyWriter.writeFourByteInteger(
                out, Property.MAXIMUM_PACKET_SIZE, properties.maximumPacketSize(), Packet.SIZE_MAX);
        PropertyWriter.writeTwoByteInteger(out, Property.TOPIC_ALIAS_MAXIMUM, properties.topicAliasMaximum(), 0);
        if (properties.requestResponseInformation()) {
            PropertyWriter.writeByte(out, Property.REQUEST_RESPONSE_INFORMATION, 1);
        }
        PropertyWriter.writeUnlessTrue(
                out, Property.REQUEST_PROBLEM_INFORMATION, properties.requestProblemInformation());
        PropertyWriter.writeUserProperties(out, properties.userProperties());
        PropertyWriter.writeAuthentication(out, properties.authentication());
        LengthPrefix.close(out, at);
    }
}
