package io.meridianmq.cli.bench.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** The bytes of the packets that a client sends, PUBLISH aside. */
final class ClientPackets {

    /** Of a packet with a packet identifier alone. */
    static final int ACKNOWLEDGEMENT_BYTES = 4;

    /** Of a durable session whose client is gone without having ended it. */
    static final int SESSION_EXPIRY_SECONDS = 60;

    /** Of DISCONNECT at most. */
    static final int DISCONNECT_BYTES_MAX = 9;

    private static final int CONNECT = 0x10;
    private static final int SUBSCRIBE = 0x82;
    private static final int UNSUBSCRIBE = 0xA2;
    private static final int DISCONNECT = 0xE0;
    private static final int PUBLISH_RETAINED = 0x31;
    private static final int QOS_SHIFT = 1;
    private static final int CLEAN_START = 0x02;
    private static final int ACKNOWLEDGEMENT_REMAINING = 2;
    private static final int SESSION_EXPIRY_INTERVAL = 0x11;
    private static final int LOW_BITS = 0x7f;
    private static final int CONTINUES = 0x80;
    private static final int BITS = 7;

    private ClientPackets() {}

    /** A client that begins a new session. */
    static void writeConnect(ByteBuf out, Login login) {
        var identifier = login.clientId().getBytes(StandardCharsets.UTF_8);
        var version = login.version();
        var expiryBytes = login.isDurable() ? 1 + Integer.BYTES : 0;
        var propertiesBytes = version.hasProperties() ? 1 + expiryBytes : 0;
        out.writeByte(CONNECT);
        writeVariableByteInteger(out, 10 + propertiesBytes + Short.BYTES + identifier.length);
        out.writeShort(4).writeBytes("MQTT".getBytes(StandardCharsets.US_ASCII));
        out.writeByte(version.level()).writeByte(CLEAN_START).writeShort(login.keepAliveSeconds());
        if (version.hasProperties()) {
            out.writeByte(expiryBytes);
        }
        if (login.isDurable()) {
            writeSessionExpiry(out, SESSION_EXPIRY_SECONDS);
        }
        out.writeShort(identifier.length).writeBytes(identifier);
    }

    static void writeSubscribe(ByteBuf out, ProtocolVersion version, int packetIdentifier, String filter, int qos) {
        writeFilter(out, SUBSCRIBE, version, packetIdentifier, filter, 1);
        out.writeByte(qos);
    }

    static void writeUnsubscribe(ByteBuf out, ProtocolVersion version, int packetIdentifier, String filter) {
        writeFilter(out, UNSUBSCRIBE, version, packetIdentifier, filter, 0);
    }

    private static void writeFilter(
            ByteBuf out, int first, ProtocolVersion version, int packetIdentifier, String filter, int optionBytes) {
        var bytes = filter.getBytes(StandardCharsets.UTF_8);
        var propertiesBytes = version.hasProperties() ? 1 : 0;
        out.writeByte(first);
        writeVariableByteInteger(out, Short.BYTES + propertiesBytes + Short.BYTES + bytes.length + optionBytes);
        out.writeShort(packetIdentifier).writeZero(propertiesBytes);
        out.writeShort(bytes.length).writeBytes(bytes);
    }

    /** A PUBLISH without payload, which removes what is retained [MQTT-3.3.1-6]; at QoS 1 or 2. */
    static void writeEmptyRetained(ByteBuf out, ProtocolVersion version, int packetIdentifier, String topic, int qos) {
        var bytes = topic.getBytes(StandardCharsets.UTF_8);
        var propertiesBytes = version.hasProperties() ? 1 : 0;
        out.writeByte(PUBLISH_RETAINED | (qos << QOS_SHIFT));
        writeVariableByteInteger(out, Short.BYTES + bytes.length + Short.BYTES + propertiesBytes);
        out.writeShort(bytes.length)
                .writeBytes(bytes)
                .writeShort(packetIdentifier)
                .writeZero(propertiesBytes);
    }

    /** PUBACK, PUBREC, PUBREL or PUBCOMP of success. */
    static void writeAcknowledgement(ByteBuf out, int first, int packetIdentifier) {
        out.writeByte(first).writeByte(ACKNOWLEDGEMENT_REMAINING).writeShort(packetIdentifier);
    }

    static void writeDisconnect(ByteBuf out, Login login) {
        if (!login.isDurable()) {
            out.writeByte(DISCONNECT).writeByte(0);
            return;
        }
        var expiryBytes = 1 + Integer.BYTES;
        out.writeByte(DISCONNECT).writeByte(2 + expiryBytes).writeByte(0).writeByte(expiryBytes);
        writeSessionExpiry(out, 0);
    }

    private static void writeSessionExpiry(ByteBuf out, int seconds) {
        out.writeByte(SESSION_EXPIRY_INTERVAL).writeInt(seconds);
    }

    /** Clause 1.5.5 of MQTT 5. */
    static void writeVariableByteInteger(ByteBuf out, int value) {
        var rest = value;
        while (rest > LOW_BITS) {
            out.writeByte((rest & LOW_BITS) | CONTINUES);
            rest >>>= BITS;
        }
        out.writeByte(rest);
    }
}
