package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.topic.InvalidTopicException;
import io.meridianmq.topic.TopicFilter;
import io.meridianmq.topic.TopicName;
import io.netty.buffer.ByteBuf;
import java.util.Objects;

/**
 * Reads the data types of MQTT (MQTT 5, section 1.5) from one stretch of bytes, never beyond its end: whatever does not
 * fit is a Malformed Packet. Moves no index of the buffer.
 */
final class FrameReader {

    private final ByteBuf in;
    private final int end;
    private int index;

    FrameReader(ByteBuf in, int start, int end) {
        this.in = in;
        this.index = start;
        this.end = end;
    }

    int index() {
        return index;
    }

    int remaining() {
        return end - index;
    }

    /** Takes the next {@code length} bytes out and returns a reader of them alone. */
    FrameReader section(int length) {
        var start = advance(length);
        return new FrameReader(in, start, start + length);
    }

    /** Passes the next bytes by. */
    void skip(int length) {
        advance(length);
    }

    int readByte() {
        return in.getUnsignedByte(advance(1));
    }

    int readTwoByteInteger() {
        return in.getUnsignedShort(advance(2));
    }

    long readFourByteInteger() {
        return in.getUnsignedInt(advance(4));
    }

    int readVariableByteInteger() {
        var value = 0;
        for (var i = 0; i < VariableByteInteger.BYTES_MAX; i++) {
            var digit = readByte();
            value |= (digit & 0x7F) << (7 * i);
            if (digit < 0x80) {
                if (digit == 0 && i > 0) {
                    throw ProtocolException.malformed(
                            "a variable byte integer is longer than its value needs"); // [MQTT-1.5.5-1]
                }
                return value;
            }
        }
        throw ProtocolException.malformed("a variable byte integer takes more than four bytes");
    }

    String readString() {
        var length = readTwoByteInteger();
        return Utf8.read(in, advance(length), length);
    }

    /** Passes a string by, having checked it. */
    void skipString() {
        var length = readTwoByteInteger();
        Utf8.check(in, advance(length), length);
    }

    BinaryData readBinaryData() {
        var length = readTwoByteInteger();
        var bytes = new byte[fitting(length)];
        in.getBytes(advance(length), bytes);
        return BinaryData.of(bytes);
    }

    /** Reads an identifier that cannot be 0. [MQTT-2.2.1-3] [MQTT3-2.3.1-1] */
    int readPacketIdentifier() {
        var packetIdentifier = readTwoByteInteger();
        if (packetIdentifier == 0) {
            throw ProtocolException.protocolError("packet identifier 0 is not allowed: use 1 to 65535");
        }
        return packetIdentifier;
    }

    String readTopicName() {
        var topic = readString();
        checkTopicName(topic);
        return topic;
    }

    /** Checks a topic name that is known to be well-formed UTF-8. */
    static void checkTopicName(String topic) {
        try {
            TopicName.check(topic);
        } catch (InvalidTopicException e) {
            throw new ProtocolException(ReasonCode.TOPIC_NAME_INVALID, Objects.requireNonNull(e.getMessage()));
        }
    }

    TopicFilter readTopicFilter() {
        var text = readString();
        try {
            return TopicFilter.of(text);
        } catch (InvalidTopicException e) {
            throw new ProtocolException(ReasonCode.TOPIC_FILTER_INVALID, Objects.requireNonNull(e.getMessage()));
        }
    }

    /** The packet must be over here. */
    void expectEnd() {
        if (index != end) {
            throw ProtocolException.malformed(remaining() + " bytes are left over at the end of the packet");
        }
    }

    private int advance(int length) {
        var start = index;
        index += fitting(length);
        return start;
    }

    private int fitting(int length) {
        if (length > end - index) {
            throw ProtocolException.malformed(
                    "the packet ends too early: " + length + " bytes are expected, " + remaining() + " are there");
        }
        return length;
    }
}
