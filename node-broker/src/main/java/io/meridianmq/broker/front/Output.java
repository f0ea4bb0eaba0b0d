package io.meridianmq.broker.front;

import io.meridianmq.broker.codec.OutgoingPublish;
import io.meridianmq.broker.codec.PacketEncoder;
import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.packet.Packet;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import org.jspecify.annotations.Nullable;

/**
 * The outgoing side of one connection: writes with the void promise and flushes once per iteration of the loop, or
 * earlier when much has gathered. Answers, which are a few bytes each, gather in one buffer until a message follows them: a
 * buffer for each would cost more than all else about it. Belongs to the connection's loop, {@link #hasRoom} aside.
 */
final class Output implements Runnable {

    /** Bytes that are flushed without waiting for the end of the iteration. */
    private static final int UNFLUSHED_MAX = 64 << 10;

    /** Bytes of answers that gather, at most, but for the last one. */
    private static final int GATHERED_MAX = 1 << 10;

    private static final int GATHERED_AT_FIRST = 64;

    /** Memory for answers of a client that does not take what it is sent. */
    private static final int ANSWERS_LEFT_MAX = 256 << 10;

    private final Channel channel;
    private final Loop loop;
    private final Traffic traffic;
    private PacketEncoder encoder;
    private int unflushed;

    /** Answers that are not with the channel yet; there is a flush to come that brings them there. */
    private @Nullable ByteBuf gathered;

    /** Messages that are not with the channel yet, in the same way: either these or answers. Null before the first one. */
    private @Nullable Stretch stretch;

    /** Answers, by and large in bytes of memory, that were written since the channel was writable for the last time. */
    private int answersLeft;

    /** The last packet has been written: nothing may follow. */
    private boolean isOver;

    private boolean isFlushAsked;

    /** Whether what is written waits for some time, as was to be seen after the last flush. */
    private boolean isBehind;

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

    Channel channel() {
        return channel;
    }

    /** Whether less is waiting in the channel than its high water mark. Any thread. */
    boolean hasRoom() {
        return channel.isWritable();
    }

    /** Whether a client that takes nothing has had so many answers that it should get no further ones for now. */
    boolean areAnswersLeft() {
        return answersLeft > ANSWERS_LEFT_MAX && !channel.isWritable();
    }

    /** What waits in the channel, up to its high water mark. */
    private long pendingBytes() {
        return channel.config().getWriteBufferHighWaterMark() - channel.bytesBeforeUnwritable();
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
        if (unflushed == 0) {
            isBehind = pendingBytes() > UNFLUSHED_MAX;
        }
        if (isBehind) {
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
            if (!extend(frame)) {
                begin(frame.whole());
            }
            return;
        }
        if (frame.claim(how)) {
            if (!extend(frame)) {
                begin(frame.claimed());
            }
            return;
        }
        write(frame.head(how, channel.alloc()));
        var tail = frame.tail(how.version());
        if (tail.isReadable()) {
            write(tail);
        }
    }

    private boolean extend(PublishFrame frame) {
        if (stretch == null || !stretch.extend(frame.received())) {
            return false;
        }
        wrote(frame.received().writerIndex());
        return true;
    }

    private void begin(ByteBuf message) {
        writeGathered();
        if (stretch == null) {
            stretch = new Stretch();
        }
        stretch.begin(message);
        wrote(message.readableBytes());
    }

    /** A packet that is too large for the client in its shortest form is left out. [MQTT-3.1.2-25] */
    void write(Packet packet) {
        if (isOver || !channel.isActive()) { // [MQTT-3.14.4-1]
            return;
        }
        writeStretch();
        var out = gathered == null ? channel.alloc().buffer(GATHERED_AT_FIRST) : gathered;
        var capacity = gathered == null ? 0 : out.capacity();
        gathered = out;
        var start = out.writerIndex();
        if (!encode(packet, out)) {
            return;
        }
        var size = out.writerIndex() - start;
        traffic.sent(size);
        answersLeft = channel.isWritable() ? 0 : answersLeft + out.capacity() - capacity;
        if (out.readableBytes() > GATHERED_MAX) {
            writeGathered();
        }
        wrote(size);
    }

    /** Leaves nothing behind of a packet that is not written. */
    private boolean encode(Packet packet, ByteBuf out) {
        var start = out.writerIndex();
        var isWritten = false;
        try {
            isWritten = encoder.encode(packet, out);
        } finally {
            if (!isWritten) {
                out.writerIndex(start);
                if (!out.isReadable()) {
                    out.release();
                    gathered = null;
                }
            }
        }
        return isWritten;
    }

    /** Writes the last packet; the result completes when it is with the network. */
    ChannelFuture writeLast(Packet packet) {
        write(packet);
        return endOfOutput();
    }

    /** Sends what has gathered; the result completes when it is with the network. */
    ChannelFuture endOfOutput() {
        isOver = true;
        writeGathered();
        return channel.writeAndFlush(channel.alloc().buffer(0));
    }

    private void write(ByteBuf bytes) {
        writeGathered();
        var size = bytes.readableBytes();
        var _ = channel.write(bytes, channel.voidPromise());
        wrote(size);
    }

    /** Brings what has gathered to the channel. */
    private void writeGathered() {
        writeStretch();
        writeAnswers();
    }

    private void writeStretch() {
        if (stretch != null && !stretch.isEmpty()) {
            writeToChannel(stretch.take());
        }
    }

    private void writeAnswers() {
        var answers = gathered;
        if (answers != null) {
            gathered = null;
            writeToChannel(answers);
        }
    }

    private void writeToChannel(ByteBuf bytes) {
        if (channel.isActive()) {
            var _ = channel.write(bytes, channel.voidPromise());
        } else {
            bytes.release();
        }
    }

    private void wrote(int size) {
        unflushed += size;
        if (unflushed > UNFLUSHED_MAX) {
            flushNow();
        } else if (!isFlushAsked) {
            isFlushAsked = true;
            loop.atEndOfIteration(this);
        }
    }

    /** The end of an iteration in which something was written. */
    @Override
    public void run() {
        isFlushAsked = false;
        if (unflushed > 0) {
            flushNow();
        }
    }

    private void flushNow() {
        unflushed = 0;
        writeGathered();
        channel.flush();
    }
}
