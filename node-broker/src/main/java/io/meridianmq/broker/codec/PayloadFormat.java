package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.PublishPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** Whether a payload is what its Payload Format Indicator says (MQTT 5, section 3.3.2.3.2). Any thread. */
public final class PayloadFormat {

    private static final int UTF_8 = 1;

    private PayloadFormat() {}

    /** Looks at a packet that was received. Reads every byte of a payload that is said to be text. */
    public static boolean isKept(PublishPacket packet) {
        return packet.propertiesLength() == 0
                || PublishPropertiesDecoder.read(packet).payloadFormatIndicator() != UTF_8
                || isText(packet.frame(), packet.payloadStart(), packet.payloadLength());
    }

    /** Looks at a will. */
    public static boolean isKept(int payloadFormatIndicator, BinaryData payload) {
        return payloadFormatIndicator != UTF_8
                || isText(Unpooled.wrappedBuffer(payload.toByteArray()), 0, payload.length());
    }

    /** Other than in strings, U+0000 is allowed. */
    private static boolean isText(ByteBuf bytes, int start, int length) {
        return ByteBufUtil.isText(bytes, start, length, StandardCharsets.UTF_8);
    }
}
