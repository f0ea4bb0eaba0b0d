package io.meridianmq.cli.bench.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection. It acknowledges what comes and completes the hand-shakes of QoS 2 by itself; whatever is
 * written leaves at the end of the turn of its loop. Belongs to its {@link Loop}.
 */
public final class Connection extends ChannelInboundHandlerAdapter implements PacketSink {

    private static final int QOS_MASK = 0x06;
    private static final int QOS_1 = 0x02;
    private static final int RETAIN = 0x01;
    private static final int PUBACK = 0x40;
    private static final int PUBREC = 0x50;
    private static final int PUBREL = 0x62;
    private static final int PUBCOMP = 0x70;
    private static final int ERROR_MIN = 0x80;
    private static final int BUFFER_BYTES_MIN = 512;

    private final Loop loop;
    private final Login login;
    private final ConnectionListener listener;
    private final FrameReader reader;

    private @Nullable Channel channel;

    /** What leaves at the end of this turn; empty if nothing does. */
    private ByteBuf out = Unpooled.EMPTY_BUFFER;

    private boolean isEnded;

    /** A client that is not connected yet. */
    public Connection(Loop loop, Login login, ConnectionListener listener) {
        this.loop = loop;
        this.login = login;
        this.listener = listener;
        this.reader = new FrameReader(login.version(), this);
    }

    /** Where more can be written, {@code bytes} at least; it leaves at the end of this turn. */
    public ByteBuf out(int bytes) {
        if (out.capacity() == 0) {
            out = loop.allocator().directBuffer(Math.max(bytes, BUFFER_BYTES_MIN));
            loop.flushSoon(this);
        }
        return out;
    }

    /** Asks for a filter. */
    public void subscribe(int packetIdentifier, String filter, int qos) {
        ClientPackets.writeSubscribe(out(BUFFER_BYTES_MIN), login.version(), packetIdentifier, filter, qos);
    }

    /** Asks for it no more. */
    public void unsubscribe(int packetIdentifier, String filter) {
        ClientPackets.writeUnsubscribe(out(BUFFER_BYTES_MIN), login.version(), packetIdentifier, filter);
    }

    /** Removes the retained message of a topic. */
    public void clearRetained(int packetIdentifier, String topic, int qos) {
        ClientPackets.writeEmptyRetained(out(BUFFER_BYTES_MIN), login.version(), packetIdentifier, topic, qos);
    }

    /** Whether the network keeps up with what is written. */
    public boolean isWritable() {
        return channel != null && channel.isWritable();
    }

    /** Stops or resumes reading what the broker sends. */
    public void read(boolean isReading) {
        if (channel != null) {
            channel.config().setAutoRead(isReading);
        }
    }

    /** Ends the connection and the session in order; the listener is told nothing more. */
    public void close() {
        if (!isEnded && channel != null && channel.isActive()) {
            ClientPackets.writeDisconnect(out(ClientPackets.DISCONNECT_BYTES_MAX), login);
            flush();
        }
        isEnded = true;
        if (channel != null) {
            var _ = channel.close();
        }
    }

    void flush() {
        var leaving = out;
        out = Unpooled.EMPTY_BUFFER;
        if (channel != null && leaving.isReadable()) {
            var _ = channel.writeAndFlush(leaving, channel.voidPromise());
        } else {
            leaving.release();
        }
    }

    /** No channel came about. */
    void onConnectFailed(Throwable cause) {
        broken(String.valueOf(cause.getMessage()));
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (isEnded) {
            var _ = context.close();
            return;
        }
        channel = context.channel();
        ClientPackets.writeConnect(out(BUFFER_BYTES_MIN), login);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var in = (ByteBuf) message;
        try {
            loop.tellTime();
            reader.read(in);
        } finally {
            in.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        broken("the connection was closed");
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        reader.release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        broken(String.valueOf(cause.getMessage()));
        var _ = context.close();
    }

    private void broken(String reason) {
        if (!isEnded) {
            isEnded = true;
            listener.onBroken(reason);
        }
    }

    @Override
    public void onConnack(int reasonCode, int receiveMaximum) {
        if (reasonCode == 0) {
            listener.onConnected(receiveMaximum);
        } else {
            refused("CONNACK", reasonCode);
        }
    }

    @Override
    public void onPublish(int first, int packetIdentifier, long origin, long dueNanos) {
        var qos = first & QOS_MASK;
        if (qos != 0) {
            acknowledge(qos == QOS_1 ? PUBACK : PUBREC, packetIdentifier);
        }
        listener.onMessage((first & RETAIN) != 0, origin, dueNanos);
    }

    @Override
    public void onAcknowledgement(int type, int packetIdentifier, int reasonCode) {
        if (reasonCode >= ERROR_MIN) {
            refused("an acknowledgement of type " + type, reasonCode);
            return;
        }
        switch (type) {
            case FrameReader.PUBACK, FrameReader.PUBCOMP -> listener.onAcknowledged();
            case FrameReader.PUBREC -> acknowledge(PUBREL, packetIdentifier);
            case FrameReader.PUBREL -> acknowledge(PUBCOMP, packetIdentifier);
            case FrameReader.SUBACK -> listener.onSubscribed();
            case FrameReader.UNSUBACK -> listener.onUnsubscribed();
            default -> throw new IllegalArgumentException("type " + type);
        }
    }

    @Override
    public void onDisconnect(int reasonCode) {
        refused("DISCONNECT", reasonCode);
    }

    private void acknowledge(int first, int packetIdentifier) {
        ClientPackets.writeAcknowledgement(out(ClientPackets.ACKNOWLEDGEMENT_BYTES), first, packetIdentifier);
    }

    private void refused(String packet, int reasonCode) {
        broken("the broker answered " + packet + " with reason code 0x%02x".formatted(reasonCode));
        if (channel != null) {
            var _ = channel.close();
        }
    }
}
