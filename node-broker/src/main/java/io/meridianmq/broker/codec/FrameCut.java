package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.ReasonCode;
import io.netty.buffer.ByteBuf;

/** Finds where a packet ends (MQTT 5, section 2.1). */
public final class FrameCut {

    /** The length cannot be told yet. */
    public static final int INCOMPLETE = -1;

    private FrameCut() {}

    /**
     * Returns the size in bytes of the packet that begins at the reader index, first byte and remaining length included,
     * or {@link #INCOMPLETE}. The packet may be longer than what has arrived. Moves no index.
     *
     * @param maximumPacketSize size in bytes of the largest packet to accept
     * @throws ProtocolException if no packet begins here, or one that is too large
     */
    public static int frameLength(ByteBuf in, int maximumPacketSize) {
        var start = in.readerIndex();
        var available = in.writerIndex() - start;
        if (available < 2) {
            return INCOMPLETE;
        }
        if ((in.getByte(start) & 0xF0) == 0) {
            throw ProtocolException.malformed("packet type 0 is reserved"); // MQTT 5, table 2-1
        }
        var remainingLength = 0;
        for (var i = 0; i < VariableByteInteger.BYTES_MAX; i++) {
            if (1 + i == available) {
                return INCOMPLETE;
            }
            var digit = in.getByte(start + 1 + i);
            remainingLength |= (digit & 0x7F) << (7 * i);
            if (digit >= 0) {
                return checked(2 + i + remainingLength, maximumPacketSize);
            }
        }
        throw ProtocolException.malformed("remaining length takes more than four bytes"); // MQTT 5, section 1.5.5
    }

    private static int checked(int frameLength, int maximumPacketSize) {
        if (frameLength > maximumPacketSize) {
            throw new ProtocolException( // [MQTT-3.2.2-15]
                    ReasonCode.PACKET_TOO_LARGE,
                    "packet of " + frameLength + " bytes: at most " + maximumPacketSize + " are accepted");
        }
        return frameLength;
    }

    /** Returns how many bytes the first byte and the remaining length of the packet at the reader index take. */
    static int headerLength(ByteBuf in) {
        var length = 2;
        while (in.getByte(in.readerIndex() + length - 1) < 0) {
            length++;
        }
        return length;
    }

    /** The remaining length must be in its shortest form. [MQTT-1.5.5-1] */
    static void checkShortest(int headerLength, int frameLength) {
        if (headerLength != 1 + VariableByteInteger.size(frameLength - headerLength)) {
            throw ProtocolException.malformed("remaining length takes more bytes than it needs");
        }
    }
}
