package io.meridianmq.cli.bench.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.CorruptedFrameException;

/**
 * Finds the packets in what a broker sends, and reads of a PUBLISH no more than where its payload begins, and the stamp
 * there. Copies nothing but a packet that came in parts. Belongs to the event loop of its connection.
 */
final class FrameReader {

    static final int CONNACK = 2;
    static final int PUBLISH = 3;
    static final int PUBACK = 4;
    static final int PUBREC = 5;
    static final int PUBREL = 6;
    static final int PUBCOMP = 7;
    static final int SUBACK = 9;
    static final int UNSUBACK = 11;
    static final int PINGRESP = 13;
    static final int DISCONNECT = 14;

    private static final int TYPE_SHIFT = 4;
    private static final int QOS_MASK = 0x06;
    private static final int LOW_BITS = 0x7f;
    private static final int CONTINUES = 0x80;
    private static final int BITS = 7;
    private static final int LENGTH_BYTES_MAX = 4;

    private final ProtocolVersion version;
    private final PacketSink sink;

    /** The beginning of a packet whose rest has not come. */
    private ByteBuf partial = Unpooled.EMPTY_BUFFER;

    /** Where the packet that was found last has its variable header, and where it ends. */
    private int bodyAt;

    private int endAt;

    FrameReader(ProtocolVersion version, PacketSink sink) {
        this.version = version;
        this.sink = sink;
    }

    /**
     * Takes all that can be read from the buffer, which stays the caller's.
     *
     * @throws CorruptedFrameException if it is not MQTT
     */
    void read(ByteBuf in) {
        if (partial.isReadable()) {
            completePartial(in);
        }
        readWhole(in);
        if (in.isReadable()) {
            if (partial.capacity() == 0) {
                partial = Unpooled.buffer(Math.max(in.readableBytes(), 64));
            }
            partial.writeBytes(in);
        }
    }

    private void completePartial(ByteBuf in) {
        while (in.isReadable() && !find(partial)) {
            // Until its length is known byte by byte: that is within its first five.
            var missing = bodyAt == 0 ? 1 : endAt - partial.writerIndex();
            partial.writeBytes(in, Math.min(missing, in.readableBytes()));
        }
        readWhole(partial);
        if (!partial.isReadable()) {
            partial.clear();
        }
    }

    private void readWhole(ByteBuf in) {
        while (find(in)) {
            take(in);
            in.readerIndex(endAt);
        }
    }

    /** Whether a whole packet begins at the reader's index; {@link #bodyAt} is 0 if not even its length is known. */
    private boolean find(ByteBuf in) {
        bodyAt = 0;
        var at = in.readerIndex() + 1;
        var remaining = 0;
        for (var index = 0; index < LENGTH_BYTES_MAX; index++) {
            if (at + index >= in.writerIndex()) {
                return false;
            }
            int octet = in.getByte(at + index);
            remaining |= (octet & LOW_BITS) << (BITS * index);
            if (octet >= 0) {
                bodyAt = at + index + 1;
                endAt = bodyAt + remaining;
                return endAt <= in.writerIndex();
            }
        }
        throw new CorruptedFrameException("a remaining length of more than four bytes");
    }

    private void take(ByteBuf in) {
        int first = in.getUnsignedByte(in.readerIndex());
        var type = first >> TYPE_SHIFT;
        switch (type) {
            case PUBLISH -> takePublish(in, first);
            case PUBACK, PUBREC, PUBREL, PUBCOMP ->
                sink.onAcknowledgement(
                        type, in.getUnsignedShort(bodyAt), endAt > bodyAt + 2 ? in.getUnsignedByte(bodyAt + 2) : 0);
            // One filter is asked for at a time, so its reason code is the last byte; MQTT 3.1.1's UNSUBACK has none.
            case SUBACK, UNSUBACK ->
                sink.onAcknowledgement(
                        type, in.getUnsignedShort(bodyAt), endAt > bodyAt + 2 ? in.getUnsignedByte(endAt - 1) : 0);
            case CONNACK -> sink.onConnack(in.getUnsignedByte(bodyAt + 1), receiveMaximum(in));
            case DISCONNECT -> sink.onDisconnect(endAt > bodyAt ? in.getUnsignedByte(bodyAt) : 0);
            case PINGRESP -> {}
            default -> throw new CorruptedFrameException("a packet of type " + type + " from a broker");
        }
    }

    private void takePublish(ByteBuf in, int first) {
        var at = bodyAt + Short.BYTES + in.getUnsignedShort(bodyAt);
        var packetIdentifier = 0;
        if ((first & QOS_MASK) != 0) {
            packetIdentifier = in.getUnsignedShort(at);
            at += Short.BYTES;
        }
        if (version.hasProperties()) {
            at = afterProperties(in, at);
        }
        if (at + Stamp.BYTES > endAt) {
            sink.onPublish(first, packetIdentifier, Stamp.NO_ORIGIN, 0);
        } else {
            sink.onPublish(first, packetIdentifier, in.getLong(at), in.getLong(at + Long.BYTES));
        }
    }

    private static int afterProperties(ByteBuf in, int from) {
        var at = from;
        var length = 0;
        var shift = 0;
        int octet;
        do {
            octet = in.getUnsignedByte(at++);
            length |= (octet & LOW_BITS) << shift;
            shift += BITS;
        } while (octet >= CONTINUES);
        return at + length;
    }

    /** A broker that names none takes {@value ConnackProperties#RECEIVE_MAXIMUM_DEFAULT} [MQTT-3.2.2-21]. */
    private int receiveMaximum(ByteBuf in) {
        return version.hasProperties() && endAt > bodyAt + 2
                ? ConnackProperties.receiveMaximum(in.slice(bodyAt + 2, endAt - bodyAt - 2))
                : ConnackProperties.RECEIVE_MAXIMUM_DEFAULT;
    }

    /** Frees what was kept of a packet. */
    void release() {
        partial.release();
        partial = Unpooled.EMPTY_BUFFER;
    }
}
