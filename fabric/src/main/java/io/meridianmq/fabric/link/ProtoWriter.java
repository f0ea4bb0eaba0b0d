package io.meridianmq.fabric.link;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import com.google.protobuf.WireFormat;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;

/**
 * Writes fields of protobuf messages straight into a buffer, where the generated classes would first make an object of
 * each message and of each array of bytes.
 *
 * <p>Source: the encoding that Protocol Buffers' documentation specifies.
 */
final class ProtoWriter {

    /**
     * Bytes kept free for the length of a message that is not known before it is written. The length is then written in all
     * of them, which the encoding allows: continuation bits on small numbers.
     */
    private static final int LENGTH_BYTES = 5;

    private ProtoWriter() {}

    /** Begins a message field; the result is for {@link #end}. */
    static int begin(ByteBuf out, int field) {
        tag(out, field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeZero(LENGTH_BYTES);
        return out.writerIndex();
    }

    /** Ends a message field. */
    static void end(ByteBuf out, int begun) {
        var length = out.writerIndex() - begun;
        for (var i = 0; i < LENGTH_BYTES; i++) {
            var continued = i < LENGTH_BYTES - 1 ? 0x80 : 0;
            out.setByte(begun - LENGTH_BYTES + i, ((length >>> (7 * i)) & 0x7F) | continued);
        }
    }

    static void varint(ByteBuf out, int field, long value) {
        tag(out, field, WireFormat.WIRETYPE_VARINT);
        varint(out, value);
    }

    static void fixed64(ByteBuf out, int field, long value) {
        tag(out, field, WireFormat.WIRETYPE_FIXED64);
        out.writeLongLE(value);
    }

    static void text(ByteBuf out, int field, String value) {
        lengthOfBytes(out, field, ByteBufUtil.utf8Bytes(value));
        ByteBufUtil.writeUtf8(out, value);
    }

    /** Begins a field of bytes; the caller writes that many. */
    static void lengthOfBytes(ByteBuf out, int field, int length) {
        tag(out, field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        varint(out, length);
    }

    private static void tag(ByteBuf out, int field, int wireType) {
        varint(out, ((long) field << 3) | wireType);
    }

    private static void varint(ByteBuf out, long value) {
        var rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.writeByte(((int) rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    /** Appends a generated message as a field. The buffer is on the heap. */
    static void message(ByteBuf out, int field, MessageLite message) {
        var length = message.getSerializedSize();
        lengthOfBytes(out, field, length);
        out.ensureWritable(length);
        try {
            message.writeTo(CodedOutputStream.newInstance(out.array(), out.arrayOffset() + out.writerIndex(), length));
        } catch (IOException e) {
            throw new AssertionError("an array does not fail", e);
        }
        out.writerIndex(out.writerIndex() + length);
    }
}
