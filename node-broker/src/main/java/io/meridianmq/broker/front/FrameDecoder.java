package io.meridianmq.broker.front;

import io.meridianmq.broker.codec.FrameCut;
import io.meridianmq.broker.codec.PacketDecoder;
import io.meridianmq.broker.codec.ProtocolException;
import io.meridianmq.broker.codec.TopicCache;
import io.meridianmq.broker.limit.PartialPackets;
import io.meridianmq.broker.packet.PacketType;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/**
 * The end of a client's pipeline: cuts its bytes into packets and gives them to its connection, until that has had enough,
 * and tells it what becomes of the channel. Keeps a packet that has come in part. Belongs to the connection's loop.
 */
final class FrameDecoder extends ChannelInboundHandlerAdapter {

    private final Connection connection;
    private final int maximumPacketSize;
    private final PacketDecoder packets = PacketDecoder.ofClientPackets(new TopicCache());

    /** What has come of a packet; null between packets. */
    private @Nullable ByteBuf rest;

    /** Null until a packet came in part that takes more than is not counted. */
    private PartialPackets.@Nullable Share partial;

    FrameDecoder(Connection connection, int maximumPacketSize) {
        this.connection = connection;
        this.maximumPacketSize = maximumPacketSize;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        connection.begin();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        connection.end();
        if (partial != null) {
            partial.release();
        }
        if (rest != null) {
            rest.release();
            rest = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        connection.lost();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        connection.writabilityChanged();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        connection.failed(cause);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var in = (ByteBuf) message;
        if (rest != null) {
            in = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), rest, in);
            rest = null;
        }
        try {
            while (in.isReadable() && decode(in)) {}
        } finally {
            keep(in);
        }
    }

    private void keep(ByteBuf in) {
        if (!in.isReadable()) {
            in.release();
            return;
        }
        if (in.refCnt() == 1) { // Else what was published has a part of it.
            in.discardSomeReadBytes();
        }
        rest = in;
    }

    /** False if there is not a whole packet. */
    private boolean decode(ByteBuf in) {
        if (connection.isClosing()) {
            in.skipBytes(in.readableBytes());
            return false;
        }
        var isConnect = in.getUnsignedByte(in.readerIndex()) >> 4 == PacketType.CONNECT.code();
        if (connection.isAwaitingConnect() && !isConnect) { // [MQTT-3.1.0-1] [MQTT3-3.1.0-1]
            in.skipBytes(in.readableBytes());
            connection.closeWithoutWord("its first packet is not CONNECT");
            return false;
        }
        try {
            var frameLength = FrameCut.frameLength(in, maximumPacketSize);
            if (frameLength == FrameCut.INCOMPLETE || in.readableBytes() < frameLength) {
                hold(in);
                return false;
            }
            if (partial != null) {
                partial.release();
            }
            connection.onPacket(packets.decode(in, frameLength), frameLength);
            return true;
        } catch (ProtocolException e) {
            in.skipBytes(in.readableBytes());
            connection.onBroken(e, packets.version());
            return false;
        }
    }

    private void hold(ByteBuf in) {
        if (partial == null && in.capacity() <= PartialPackets.UNCOUNTED_BYTES) {
            return;
        }
        if (partial == null) {
            partial = connection.partial();
        }
        if (!partial.hold(in.capacity())) {
            in.skipBytes(in.readableBytes());
            connection.onNoRoom();
        }
    }
}
