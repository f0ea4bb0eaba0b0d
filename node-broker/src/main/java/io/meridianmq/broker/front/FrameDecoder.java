package io.meridianmq.broker.front;

import io.meridianmq.broker.codec.FrameCut;
import io.meridianmq.broker.codec.PacketDecoder;
import io.meridianmq.broker.codec.ProtocolException;
import io.meridianmq.broker.codec.TopicCache;
import io.meridianmq.broker.limit.PartialPackets;
import io.meridianmq.broker.packet.PacketType;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/** Cuts a client's bytes into packets and gives them to its connection, until that has had enough. */
final class FrameDecoder extends ByteToMessageDecoder {

    private final Connection connection;
    private final int maximumPacketSize;
    private final PartialPackets.Share partial;
    private final PacketDecoder packets = PacketDecoder.ofClientPackets(new TopicCache());

    FrameDecoder(Connection connection, int maximumPacketSize, PartialPackets.Share partial) {
        this.connection = connection;
        this.maximumPacketSize = maximumPacketSize;
        this.partial = partial;
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        partial.release();
    }

    private void hold(ByteBuf in) {
        if (!partial.hold(in.capacity())) {
            in.skipBytes(in.readableBytes());
            connection.onNoRoom();
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (connection.isClosing()) {
            in.skipBytes(in.readableBytes());
            return;
        }
        var isConnect = in.getUnsignedByte(in.readerIndex()) >> 4 == PacketType.CONNECT.code();
        if (connection.isAwaitingConnect() && !isConnect) { // [MQTT-3.1.0-1] [MQTT3-3.1.0-1]
            in.skipBytes(in.readableBytes());
            connection.closeWithoutWord("its first packet is not CONNECT");
            return;
        }
        try {
            var frameLength = FrameCut.frameLength(in, maximumPacketSize);
            if (frameLength == FrameCut.INCOMPLETE || in.readableBytes() < frameLength) {
                hold(in);
            } else {
                partial.release();
                connection.onPacket(packets.decode(in, frameLength), frameLength);
            }
        } catch (ProtocolException e) {
            in.skipBytes(in.readableBytes());
            connection.onBroken(e, packets.version());
        }
    }
}
