package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.ConnectPacket;
import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.PacketType;
import io.meridianmq.broker.packet.PingreqPacket;
import io.meridianmq.broker.packet.PingrespPacket;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.netty.buffer.ByteBuf;

/**
 * Makes packets of bytes.
 *
 * <p>Belongs to one connection and its event loop. On a server it learns the version from CONNECT; that CONNECT comes
 * first and once is for the connection to see to. What it allocates is bounded by the size of the frame, and so by what
 * {@link FrameCut} lets pass.
 */
public final class PacketDecoder {

    private static final int DUPLICATE = 0b1000;

    private final Sender sender;
    private final TopicCache topics;
    private ProtocolVersion version;

    private PacketDecoder(Sender sender, TopicCache topics, ProtocolVersion version) {
        this.sender = sender;
        this.topics = topics;
        this.version = version;
    }

    /** Reads what a client sends, from its CONNECT on. */
    public static PacketDecoder ofClientPackets(TopicCache topics) {
        return new PacketDecoder(Sender.CLIENT, topics, ProtocolVersion.MQTT_3_1_1);
    }

    /** Reads what a client that speaks {@code version} sends after its CONNECT. */
    public static PacketDecoder ofClientPackets(TopicCache topics, ProtocolVersion version) {
        return new PacketDecoder(Sender.CLIENT, topics, version);
    }

    /** Reads what a server sends to a client that speaks {@code version}. */
    public static PacketDecoder ofServerPackets(TopicCache topics, ProtocolVersion version) {
        return new PacketDecoder(Sender.SERVER, topics, version);
    }

    /**
     * Returns the version of the connection. Before a CONNECT of a known version it is the one in which a server refuses
     * versions it does not know: 5 for later ones, else 3.1.1.
     */
    public ProtocolVersion version() {
        return version;
    }

    /**
     * Reads the packet at the reader index and moves that index behind it.
     *
     * @param in holds the whole frame; a {@link io.meridianmq.broker.packet.PublishPacket} keeps a slice of it with a
     *     reference of its own, which the caller releases
     * @param frameLength size of the packet in bytes, as {@link FrameCut} tells
     * @throws ProtocolException if the bytes are not a packet that the sender may send; nothing is kept then
     */
    public Packet decode(ByteBuf in, int frameLength) {
        assert in.readableBytes() >= frameLength : frameLength;
        var start = in.readerIndex();
        var firstByte = in.getUnsignedByte(start);
        var type = PacketType.of(firstByte >> 4);
        var headerLength = FrameCut.headerLength(in);
        if (type == PacketType.PUBLISH) {
            checkRemainingLength(headerLength, frameLength);
            var packet = PublishDecoder.of(sender).decode(in, topics, headerLength, frameLength, version);
            in.skipBytes(frameLength);
            return packet;
        }
        checkFlags(type, firstByte & 0x0F);
        var packet = decode(type, new FrameReader(in, start + headerLength, start + frameLength));
        checkRemainingLength(headerLength, frameLength);
        in.skipBytes(frameLength);
        return packet;
    }

    /** Version 5 alone demands the shortest form; CONNECT has told the version by now. */
    private void checkRemainingLength(int headerLength, int frameLength) {
        if (version.hasProperties()) {
            FrameCut.checkShortest(headerLength, frameLength);
        }
    }

    private void checkFlags(PacketType type, int flags) {
        var checked = version == ProtocolVersion.MQTT_3_1 && mayBeDuplicate(type) ? flags & ~DUPLICATE : flags;
        // [MQTT3-2.2.2-1] [MQTT3-2.2.2-2] [MQTT-3.14.1-1] [MQTT-3.15.1-1] [MQTT3-3.14.1-1]
        if (checked != type.flags()) {
            throw ProtocolException.malformed( // [MQTT-2.1.3-1] [MQTT-3.8.1-1] [MQTT-3.10.1-1] [MQTT-3.6.1-1]
                    // [MQTT3-3.6.1-1] [MQTT3-3.8.1-1] [MQTT3-3.10.1-1]
                    "flags of " + type + " must be " + type.flags() + ", not " + flags);
        }
    }

    /** Whether 3.1 lets a client send it again with DUP (MQTT 3.1, section 2.1). */
    private static boolean mayBeDuplicate(PacketType type) {
        return type == PacketType.PUBREL || type == PacketType.SUBSCRIBE || type == PacketType.UNSUBSCRIBE;
    }

    private Packet decode(PacketType type, FrameReader in) {
        return switch (type) {
            case CONNECT -> connect(from(Sender.CLIENT, type, in));
            case CONNACK -> ConnackDecoder.decode(from(Sender.SERVER, type, in), version);
            case PUBLISH -> throw new AssertionError("PUBLISH is read by itself");
            case PUBACK -> AcknowledgementDecoder.puback(in, version);
            case PUBREC -> AcknowledgementDecoder.pubrec(in, version);
            case PUBREL -> AcknowledgementDecoder.pubrel(in, version);
            case PUBCOMP -> AcknowledgementDecoder.pubcomp(in, version);
            case SUBSCRIBE -> SubscribeDecoder.decode(from(Sender.CLIENT, type, in), version);
            case SUBACK -> SubackDecoder.suback(from(Sender.SERVER, type, in), version);
            case UNSUBSCRIBE -> UnsubscribeDecoder.decode(from(Sender.CLIENT, type, in), version);
            case UNSUBACK -> SubackDecoder.unsuback(from(Sender.SERVER, type, in), version);
            case PINGREQ -> empty(PingreqPacket.INSTANCE, from(Sender.CLIENT, type, in));
            case PINGRESP -> empty(PingrespPacket.INSTANCE, from(Sender.SERVER, type, in));
            case DISCONNECT -> disconnect(in);
            case AUTH -> auth(in);
        };
    }

    private ConnectPacket connect(FrameReader in) {
        var protocolName = in.readString();
        var level = in.readByte();
        if (level > ProtocolVersion.MQTT_5.level()) {
            version = ProtocolVersion.MQTT_5; // Whoever speaks a later one is told in the latest known. [MQTT-3.1.2-2]
        }
        version = ConnectDecoder.version(protocolName, level);
        return ConnectDecoder.decode(in, version);
    }

    private Packet disconnect(FrameReader in) {
        if (!version.hasProperties()) {
            return DisconnectDecoder.decode(from(Sender.CLIENT, PacketType.DISCONNECT, in), version, sender);
        }
        return DisconnectDecoder.decode(in, version, sender);
    }

    private Packet auth(FrameReader in) {
        if (!version.hasProperties()) {
            throw ProtocolException.malformed("packet type 15 is reserved before MQTT 5");
        }
        return AuthDecoder.decode(in, sender);
    }

    private static Packet empty(Packet packet, FrameReader in) {
        in.expectEnd();
        return packet;
    }

    private FrameReader from(Sender only, PacketType type, FrameReader in) {
        if (sender != only) {
            throw ProtocolException.protocolError("a " + sender + " may not send " + type);
        }
        return in;
    }
}
