package io.meridianmq.broker.front;

import io.meridianmq.broker.codec.OutgoingPublish;
import io.meridianmq.broker.codec.PacketEncoder;
import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.packet.Packet;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;

/**
 * The outgoing side of one connection: writes with the void promise and flushes once per iteration of the loop, or
 * earlier when much has gathered. Belongs to the connection's loop, {@link #hasRoom} aside.
 */
final class Output {

    /** Bytes that are flushed without waiting for the end of the iteration. */
    private static final int UNFLUSHED_MAX = 64 << 10;

    /** Memory for answers of a client that does not take what it is sent. */
    private static final int ANSWERS_LEFT_MAX = 256 << 10;

    private final Channel channel;
    private final Loop loop;
    private final Traffic traffic;
    private final Runnable flush = this::flush;
    private PacketEncoder encoder;
    private int unflushed;

    /** Answers, by and large in bytes of memory, that were written since the channel was writable for the last time. */
    private int answersLeft;

    /** The last packet has been written: nothing may follow. */
    private boolean isOver;

    private boolean isFlushAsked;

    Output(Channel channel, Loop loop, Traffic traffic, PacketEncoder encoder) {
        this.channel = channel;
        this.loop = loop;
        this.traffic = traffic;
        this.encoder = encoder;
    }

    void encoder(PacketEncoder forVersionOfClient) {
        encoder = forVersionOfClient;
    }

    PacketEncoder encoder() {
        return encoder;
    }

    /** Whether less is waiting in the channel than its high water mark. Any thread. */
    boolean hasRoom() {
        return channel.isWritable();
    }

    /** Whether a client that takes nothing has had so many answers that it should get no further ones for now. */
    boolean areAnswersLeft() {
        return answersLeft > ANSWERS_LEFT_MAX && !channel.isWritable();
    }

    /** Whether what is written now waits for some time. */
    private boolean isBehind() {
        return channel.config().getWriteBufferHighWaterMark() - channel.bytesBeforeUnwritable() > UNFLUSHED_MAX;
    }

    /** False if the packet is too large for the client. [MQTT-3.1.2-24] */
    boolean write(PublishFrame frame, OutgoingPublish how) {
        var size = frame.packetSize(how);
        if (size > encoder.maximumPacketSize()) {
            return false;
        }
        if (isOver || !channel.isActive()) {
            return true;
        }
        traffic.sent(size);
        if (isBehind()) {
            // A message of some bytes must not keep all of the network buffer that it came in.
            var own = frame.detached(channel.alloc());
            writeParts(own, how);
            own.release();
        } else {
            writeParts(frame, how);
        }
        return true;
    }

    private void writeParts(PublishFrame frame, OutgoingPublish how) {
        if (frame.isWhole(how)) {
            write(frame.whole());
            return;
        }
        write(frame.head(how, channel.alloc()));
        var tail = frame.tail(how.version());
        if (tail.isReadable()) {
            write(tail);
        }
    }

    /** A packet that is too large for the client in its shortest form is left out. [MQTT-3.1.2-25] */
    void write(Packet packet) {
        if (isOver || !channel.isActive()) { // [MQTT-3.14.4-1]
            return;
        }
        var out = channel.alloc().buffer();
        if (encoder.encode(packet, out)) {
            traffic.sent(out.readableBytes());
            answersLeft = channel.isWritable() ? 0 : answersLeft + out.capacity();
            write(out);
        } else {
            out.release();
        }
    }

    /** Writes the last packet; the result completes when it is with the network. */
    ChannelFuture writeLast(Packet packet) {
        write(packet);
        return endOfOutput();
    }

    /** Sends what has gathered; the result completes when it is with the network. */
    ChannelFuture endOfOutput() {
        isOver = true;
        return channel.writeAndFlush(channel.alloc().buffer(0));
    }

    private void write(ByteBuf bytes) {
        unflushed += bytes.readableBytes();
        var _ = channel.write(bytes, channel.voidPromise());
        if (unflushed > UNFLUSHED_MAX) {
            flushNow();
        } else if (!isFlushAsked) {
            isFlushAsked = true;
            loop.atEndOfIteration(flush);
        }
    }

    private void flush() {
        isFlushAsked = false;
        if (unflushed > 0) {
            flushNow();
        }
    }

    private void flushNow() {
        unflushed = 0;
        channel.flush();
    }
}
