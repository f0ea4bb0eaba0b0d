package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.PacketType;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PublishMessage;
import io.meridianmq.core.publication.Qos;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/**
 * Writes a PUBLISH of a message that is made here (MQTT 5, section 3.3): a client's, a will, a status message. What
 * arrived as PUBLISH is passed on by {@link PublishFrame}.
 */
public final class PublishEncoder {

    private static final int DUPLICATE = 0b1000;

    private PublishEncoder() {}

    /**
     * Writes the whole packet.
     *
     * @param packetIdentifier 1 to 65,535; 0 at QoS 0
     * @param duplicate whether it may have been sent before; false at QoS 0
     * @throws IllegalArgumentException if a string does not fit into a packet; nothing is written then
     */
    public static void write(
            ByteBuf out, ProtocolVersion version, PublishMessage message, int packetIdentifier, boolean duplicate) {
        var payload = message.payload().toByteArray();
        // What comes before the payload is written aside, since its size must be known first.
        var head = out.alloc().buffer(64 + ByteBufUtil.utf8MaxBytes(message.topic()));
        try {
            Utf8.write(head, message.topic());
            if (message.qos() != Qos.AT_MOST_ONCE) {
                head.writeShort(packetIdentifier);
            }
            if (version.hasProperties()) {
                var at = LengthPrefix.open(head);
                PublishPropertiesEncoder.write(head, message.properties());
                LengthPrefix.close(head, at);
            }
            out.writeByte(firstByte(message.qos(), duplicate, message.retain()));
            VariableByteInteger.write(out, head.readableBytes() + payload.length);
            out.writeBytes(head).writeBytes(payload);
        } finally {
            head.release();
        }
    }

    /** Returns the first byte of a PUBLISH. [MQTT-3.3.1-2] [MQTT-4.3.1-1] [MQTT3-4.3.1-1] */
    static int firstByte(Qos qos, boolean duplicate, boolean retain) {
        assert !duplicate || qos != Qos.AT_MOST_ONCE;
        return PacketType.PUBLISH.firstByte() | (duplicate ? DUPLICATE : 0) | (qos.value() << 1) | (retain ? 1 : 0);
    }
}
