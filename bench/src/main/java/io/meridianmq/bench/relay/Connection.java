package io.meridianmq.bench.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.CorruptedFrameException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One client of the relay. Only the relay's loop touches it. It closes the connection on whatever it does not understand;
 * a client that subscribes to a wildcard is told that it failed.
 */
final class Connection extends ChannelInboundHandlerAdapter {

    private static final int SUBSCRIPTIONS_MAX = 1_000;
    private static final int CONNECT = 0x10;
    private static final int PUBLISH_QOS_0 = 0x30;
    private static final int SUBSCRIBE = 0x82;
    private static final int PINGREQ = 0xC0;
    private static final int DISCONNECT = 0xE0;

    private final Topics topics;
    private final Flushes flushes;
    private final List<String> subscriptions = new ArrayList<>();

    private @Nullable ChannelHandlerContext context;
    private boolean isWritten;

    /** The beginning of a packet whose end has not come yet. */
    private @Nullable ByteBuf partial;

    private ByteBuf lastTopic = Unpooled.EMPTY_BUFFER;
    private List<Connection> lastSubscribers = List.of();
    private int lastVersion = -1;

    Connection(Topics topics, Flushes flushes) {
        this.topics = topics;
        this.flushes = flushes;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.context = context;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var in = (ByteBuf) message;
        try {
            if (partial == null || complete(context, partial, in)) {
                readWhole(context, in);
            }
        } finally {
            in.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        for (var topic : subscriptions) {
            topics.unsubscribe(topic, this);
        }
        if (partial != null) {
            partial.release();
            partial = null;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        var _ = context.close();
    }

    /** Writes a buffer, which becomes the connection's; it leaves with the next flush. */
    void send(ByteBuf buffer) {
        var to = context;
        if (to == null || !to.channel().isActive() || !to.channel().isWritable()) {
            buffer.release();
            topics.countMissed();
            return;
        }
        var _ = to.write(buffer, to.voidPromise());
        if (!isWritten) {
            isWritten = true;
            flushes.add(this);
        }
    }

    void flush() {
        isWritten = false;
        if (context != null) {
            context.flush();
        }
    }

    /** Fills up a packet that began in an earlier buffer; false if its end is still to come. */
    private boolean complete(ChannelHandlerContext context, ByteBuf packet, ByteBuf in) {
        while (true) {
            var length = Frames.length(packet, 0);
            var missing = length == Frames.UNKNOWN ? 1 : length - packet.readableBytes();
            if (missing == 0) {
                partial = null;
                try {
                    take(context, packet, 0, length);
                } finally {
                    packet.release();
                }
                return true;
            }
            if (!in.isReadable()) {
                return false;
            }
            packet.writeBytes(in, Math.min(missing, in.readableBytes()));
        }
    }

    /** Takes the packets that the buffer holds as a whole, and keeps a copy of what is left. */
    private void readWhole(ChannelHandlerContext context, ByteBuf in) {
        var at = in.readerIndex();
        while (at < in.writerIndex() && context.channel().isActive()) {
            var length = Frames.length(in, at);
            if (length == Frames.UNKNOWN || at + length > in.writerIndex()) {
                partial = context.alloc().buffer(length == Frames.UNKNOWN ? 64 : length);
                partial.writeBytes(in, at, in.writerIndex() - at);
                return;
            }
            take(context, in, at, length);
            at += length;
        }
    }

    private void take(ChannelHandlerContext context, ByteBuf buffer, int start, int length) {
        switch (buffer.getUnsignedByte(start)) {
            case PUBLISH_QOS_0 -> publish(buffer, start, length);
            case CONNECT -> connect(context, buffer, start);
            case SUBSCRIBE -> subscribe(buffer, start, length);
            case PINGREQ -> send(Unpooled.wrappedBuffer(new byte[] {(byte) 0xD0, 0}));
            case DISCONNECT -> {
                var _ = context.close();
            }
            default -> throw new CorruptedFrameException("not understood: first byte " + buffer.getUnsignedByte(start));
        }
    }

    private void publish(ByteBuf buffer, int start, int length) {
        var topicLengthAt = Frames.variableHeader(buffer, start);
        var topicLength = buffer.getUnsignedShort(topicLengthAt);
        findSubscribers(buffer, topicLengthAt + 2, topicLength);
        for (var i = 0; i < lastSubscribers.size(); i++) {
            lastSubscribers.get(i).send(buffer.retainedSlice(start, length));
        }
    }

    private void findSubscribers(ByteBuf buffer, int topicAt, int topicLength) {
        if (lastVersion == topics.version()
                && lastTopic.readableBytes() == topicLength
                && ByteBufUtil.equals(lastTopic, 0, buffer, topicAt, topicLength)) {
            return;
        }
        var topic = new byte[topicLength];
        buffer.getBytes(topicAt, topic);
        lastTopic = Unpooled.wrappedBuffer(topic);
        lastVersion = topics.version();
        lastSubscribers = topics.subscribers(new String(topic, StandardCharsets.UTF_8));
    }

    private void connect(ChannelHandlerContext context, ByteBuf buffer, int start) {
        var levelAt = Frames.variableHeader(buffer, start) + 6;
        var isKnown = buffer.getByte(levelAt) == 4;
        send(Unpooled.wrappedBuffer(new byte[] {0x20, 2, 0, (byte) (isKnown ? 0 : 1)})); // [MQTT-3.1.2-2]
        if (!isKnown) {
            flush();
            var _ = context.close();
        }
    }

    private void subscribe(ByteBuf buffer, int start, int length) {
        var at = Frames.variableHeader(buffer, start);
        var acknowledgement = Unpooled.buffer().writeByte(0x90).writeByte(0);
        acknowledgement.writeShort(buffer.getUnsignedShort(at));
        at += 2;
        while (at < start + length) {
            var filterLength = buffer.getUnsignedShort(at);
            var filter = buffer.toString(at + 2, filterLength, StandardCharsets.UTF_8);
            acknowledgement.writeByte(isSubscribed(filter) ? 0 : 0x80);
            at += 2 + filterLength + 1;
        }
        acknowledgement.setByte(1, acknowledgement.readableBytes() - 2);
        send(acknowledgement);
    }

    private boolean isSubscribed(String filter) {
        if (filter.contains("+") || filter.contains("#") || subscriptions.size() == SUBSCRIPTIONS_MAX) {
            return false;
        }
        subscriptions.add(filter);
        topics.subscribe(filter, this);
        return true;
    }
}
