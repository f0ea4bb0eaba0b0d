package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.netty.buffer.ByteBuf;

/** Decoders as connections have them. */
final class Decoders {

    private Decoders() {}

    /** A server's decoder that has seen a CONNECT of this version. */
    static PacketDecoder client(ProtocolVersion version) {
        return client(version, new TopicCache());
    }

    static PacketDecoder client(ProtocolVersion version, TopicCache topics) {
        var decoder = PacketDecoder.ofClientPackets(topics);
        var connect = Bytes.buffer(
                switch (version) {
                    case MQTT_3_1 -> "10 0F 00 06 'MQIsdp' 03 02 00 00 00 01 'c'";
                    case MQTT_3_1_1 -> "10 0D 00 04 'MQTT' 04 02 00 00 00 01 'c'";
                    case MQTT_5 -> "10 0E 00 04 'MQTT' 05 02 00 00 00 00 01 'c'";
                });
        decoder.decode(connect, connect.readableBytes());
        connect.release();
        return decoder;
    }

    static PacketDecoder of(Sender sender, ProtocolVersion version) {
        return switch (sender) {
            case CLIENT -> client(version);
            case SERVER -> PacketDecoder.ofServerPackets(new TopicCache(), version);
        };
    }

    /** Cuts and decodes the one packet that {@code in} holds. */
    static Packet decode(PacketDecoder decoder, ByteBuf in) {
        var length = FrameCut.frameLength(in, Packet.SIZE_MAX);
        if (length != in.readableBytes()) {
            throw new AssertionError("expected one packet, but its length is " + length + " of " + in.readableBytes());
        }
        return decoder.decode(in, length);
    }
}
