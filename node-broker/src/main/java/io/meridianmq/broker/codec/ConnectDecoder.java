package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.ConnectPacket;
import io.meridianmq.broker.packet.ConnectProperties;
import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.Properties;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PublishMessage;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.packet.Will;
import io.meridianmq.core.publication.Qos;
import java.util.Optional;

/** Reads CONNECT (MQTT 5, section 3.1). */
final class ConnectDecoder {

    private static final int RESERVED = 0b0000_0001;
    private static final int CLEAN_START = 0b0000_0010;
    private static final int WILL = 0b0000_0100;
    private static final int WILL_QOS_SHIFT = 3;
    private static final int WILL_QOS_AND_RETAIN = 0b0011_1000;
    private static final int WILL_RETAIN = 0b0010_0000;
    private static final int PASSWORD = 0b0100_0000;
    private static final int USER_NAME = 0b1000_0000;

    private ConnectDecoder() {}

    /** The version that protocol name and level stand for, with which the variable header begins. */
    static ProtocolVersion version(String name, int level) {
        for (var version : ProtocolVersion.values()) {
            if (version.level() == level && version.protocolName().equals(name)) {
                return version;
            }
        }
        var shown = name.length() <= 10 ? name : name.substring(0, 10) + "...";
        throw new ProtocolException( // [MQTT-3.1.2-1] [MQTT-3.1.2-2] [MQTT3-3.1.2-1] [MQTT3-3.1.2-2]
                ReasonCode.UNSUPPORTED_PROTOCOL_VERSION,
                "protocol \"" + shown + "\" level " + level + " is not supported: use MQTT 3.1, 3.1.1 or 5.0");
    }

    /** Reads all that follows the version. [MQTT-3.1.3-1] [MQTT3-3.1.3-1] */
    static ConnectPacket decode(FrameReader in, ProtocolVersion version) {
        var flags = in.readByte();
        checkFlags(flags, version);
        var keepAliveSeconds = in.readTwoByteInteger();
        var properties = version.hasProperties() ? readProperties(in) : ConnectProperties.NONE;
        var clientIdentifier = in.readString(); // [MQTT-3.1.3-3] [MQTT-3.1.3-4] [MQTT3-3.1.3-3] [MQTT3-3.1.3-4]
        var cleanStart = (flags & CLEAN_START) != 0;
        checkClientIdentifier(clientIdentifier, cleanStart, version);
        var will = (flags & WILL) != 0 ? Optional.of(readWill(in, flags, version)) : Optional.<Will>empty();
        var userName = isNext(in, flags & USER_NAME, version)
                ? Optional.of(in.readString()) // [MQTT-3.1.3-12] [MQTT-3.1.2-17] [MQTT3-3.1.2-19] [MQTT3-3.1.3-11]
                : Optional.<String>empty();
        var password =
                // [MQTT-3.1.2-19] [MQTT3-3.1.2-21]
                isNext(in, flags & PASSWORD, version) ? Optional.of(in.readBinaryData()) : Optional.<BinaryData>empty();
        in.expectEnd(); // [MQTT-3.1.2-16] [MQTT-3.1.2-18] [MQTT3-3.1.2-18] [MQTT3-3.1.2-20]
        return new ConnectPacket(
                version, cleanStart, keepAliveSeconds, clientIdentifier, will, userName, password, properties);
    }

    private static void checkFlags(int flags, ProtocolVersion version) {
        if ((flags & RESERVED) != 0) {
            // [MQTT3-3.1.2-3]
            throw ProtocolException.malformed("the reserved flag of CONNECT is set"); // [MQTT-3.1.2-3]
        }
        // [MQTT3-3.1.2-11] [MQTT3-3.1.2-13] [MQTT3-3.1.2-15]
        if ((flags & WILL) == 0 && (flags & WILL_QOS_AND_RETAIN) != 0) {
            throw ProtocolException.malformed(
                    "will QoS or will retain without a will"); // [MQTT-3.1.2-11] [MQTT-3.1.2-13]
        }
        if (willQos(flags) == 3) {
            throw ProtocolException.malformed("will QoS 3 is not allowed"); // [MQTT-3.1.2-12] [MQTT3-3.1.2-14]
        }
        if (version == ProtocolVersion.MQTT_3_1_1 && (flags & PASSWORD) != 0 && (flags & USER_NAME) == 0) {
            throw ProtocolException.malformed("a password without a user name is for MQTT 5 alone"); // [MQTT3-3.1.2-22]
        }
    }

    private static int willQos(int flags) {
        return (flags >> WILL_QOS_SHIFT) & 0b11;
    }

    /** Before version 5 the server may choose an identifier only for a clean session, in 3.1 never. */
    private static void checkClientIdentifier(String identifier, boolean cleanStart, ProtocolVersion version) {
        var mayBeEmpty = version.hasProperties() || (version == ProtocolVersion.MQTT_3_1_1 && cleanStart);
        if (identifier.isEmpty() && !mayBeEmpty) {
            throw new ProtocolException( // [MQTT3-3.1.3-8]
                    ReasonCode.CLIENT_IDENTIFIER_NOT_VALID,
                    "the client identifier is empty: that needs MQTT 5, or MQTT 3.1.1 with a clean session");
        }
    }

    /** In 3.1 the remaining length overrides these flags: what they announce may be missing. */
    private static boolean isNext(FrameReader in, int flag, ProtocolVersion version) {
        return flag != 0 && !(version == ProtocolVersion.MQTT_3_1 && in.remaining() == 0);
    }

    private static Will readWill(FrameReader in, int flags, ProtocolVersion version) {
        var properties = PublishPropertiesDecoder.ofWill();
        if (version.hasProperties()) {
            properties.read(new PropertyReader("a will", in));
        }
        var topic = in.readTopicName(); // [MQTT-3.1.3-11] [MQTT-3.1.2-9] [MQTT3-3.1.2-9] [MQTT3-3.1.3-10]
        var payload = in.readBinaryData();
        var message = new PublishMessage(
                topic, payload, Qos.of(willQos(flags)), (flags & WILL_RETAIN) != 0, properties.finish());
        return new Will(message, properties.willDelayIntervalSeconds());
    }

    private static ConnectProperties readProperties(FrameReader in) {
        var properties = new PropertyReader("CONNECT", in);
        var sessionExpiryIntervalSeconds = 0L;
        var receiveMaximum = Properties.RECEIVE_MAXIMUM_DEFAULT;
        var maximumPacketSize = Packet.SIZE_MAX;
        var topicAliasMaximum = 0;
        var requestResponseInformation = false;
        var requestProblemInformation = true;
        var authentication = new AuthenticationReader();
        while (properties.next()) {
            switch (properties.identifier()) {
                case Property.SESSION_EXPIRY_INTERVAL ->
                    sessionExpiryIntervalSeconds = properties.readFourByteInteger();
                case Property.RECEIVE_MAXIMUM -> receiveMaximum = properties.readPositiveTwoByteInteger();
                case Property.MAXIMUM_PACKET_SIZE -> maximumPacketSize = properties.readMaximumPacketSize();
                case Property.TOPIC_ALIAS_MAXIMUM -> topicAliasMaximum = properties.readTwoByteInteger();
                case Property.REQUEST_RESPONSE_INFORMATION -> requestResponseInformation = properties.readFlag();
                case Property.REQUEST_PROBLEM_INFORMATION -> requestProblemInformation = properties.readFlag();
                case Property.USER_PROPERTY -> properties.keepUserProperty();
                case Property.AUTHENTICATION_METHOD -> authentication.readMethod(properties);
                case Property.AUTHENTICATION_DATA -> authentication.readData(properties);
                default -> throw properties.notAllowed();
            }
        }
        return new ConnectProperties(
                sessionExpiryIntervalSeconds,
                receiveMaximum,
                maximumPacketSize,
                topicAliasMaximum,
                requestResponseInformation,
                requestProblemInformation,
                properties.userProperties(),
                authentication.finish(properties));
    }
}
