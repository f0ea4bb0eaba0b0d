package io.meridianmq.fabric.link;

import com.google.protobuf.WireFormat;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Reads fields of protobuf messages straight from a buffer, one after the other: {@link ProtoWriter} the other way.
 *
 * <p>Stands in one message; {@link #message} is another reader for a message in it. Every method throws
 * {@link IllegalArgumentException} if the bytes are not what the encoding allows, and none reads beyond the message.
 */
final class ProtoReader {

    private static final int VARINT_BYTES_MAX = 10;

    /** A message without fields. */
    static final ProtoReader EMPTY = new ProtoReader(Unpooled.EMPTY_BUFFER);

    private final ByteBuf in;
    private final int end;
    private int at;

    /** Stands before the first field of the message that is all that can be read of {@code in}; no index of it moves. */
    ProtoReader(ByteBuf in) {
        this(in, in.readerIndex(), in.writerIndex());
    }

    private ProtoReader(ByteBuf in, int start, int end) {
        this.in = in;
        this.at = start;
        this.end = end;
    }

    /** What of the message is not read yet, in the same memory. */
    ByteBuf rest() {
        return in.slice(at, end - at);
    }

    /** The same message, to be read from here on by somebody else. */
    ProtoReader fromHere() {
        return new ProtoReader(in, at, end);
    }

    boolean hasMore() {
        return at < end;
    }

    /** Reads the tag before a field. */
    int tag() {
        var tag = varint32();
        if (WireFormat.getTagFieldNumber(tag) == 0) {
            throw new IllegalArgumentException("a field has no number");
        }
        return tag;
    }

    /** Reads a message, for the fields in it. */
    ProtoReader message() {
        var length = length();
        var message = new ProtoReader(in, at, at + length);
        at += length;
        return message;
    }

    /** Reads bytes, in the same memory. */
    ByteBuf bytes() {
        return message().rest();
    }

    /** Reads a text. */
    String text(KnownTexts known) {
        var length = length();
        var text = known.text(in, at, length);
        at += length;
        return text;
    }

    private int length() {
        var length = varint();
        if (length < 0 || length > end - at) {
            throw new IllegalArgumentException(
                    "a field of " + Long.toUnsignedString(length) + " bytes where " + (end - at) + " are left");
        }
        return (int) length;
    }

    int varint32() {
        return (int) varint();
    }

    long varint() {
        var value = 0L;
        for (var i = 0; i < VARINT_BYTES_MAX; i++) {
            need(1);
            var next = in.getByte(at++);
            value |= (long) (next & 0x7F) << (7 * i);
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number has more than " + VARINT_BYTES_MAX + " bytes");
    }

    long fixed64() {
        need(Long.BYTES);
        var value = in.getLongLE(at);
        at += Long.BYTES;
        return value;
    }

    private void skipBytes(int count) {
        need(count);
        at += count;
    }

    /** Goes on behind a field that the reader does not know. */
    void skip(int tag) {
        switch (WireFormat.getTagWireType(tag)) {
            case WireFormat.WIRETYPE_VARINT -> varint();
            case WireFormat.WIRETYPE_FIXED64 -> skipBytes(Long.BYTES);
            case WireFormat.WIRETYPE_FIXED32 -> skipBytes(Integer.BYTES);
            case WireFormat.WIRETYPE_LENGTH_DELIMITED -> skipBytes(length());
            default ->
                throw new IllegalArgumentException("a field has the wire type " + WireFormat.getTagWireType(tag)
                        + ", which this protocol does not use");
        }
    }

    private void need(int count) {
        if (count > end - at) {
            throw new IllegalArgumentException("the message ends in the middle of a field");
        }
    }
}
