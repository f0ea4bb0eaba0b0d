package io.meridianmq.cli.bench.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/** One publisher's PUBLISH, encoded once: every message is a copy of it with another stamp and packet identifier. */
public final class PublishFrame {

    private static final int PUBLISH = 0x30;
    private static final int RETAIN = 0x01;
    private static final int QOS_SHIFT = 1;
    private static final int NONE = -1;

    private final byte[] frame;
    private final int stampAt;
    private final int packetIdentifierAt;

    /**
     * Encodes it.
     *
     * @param payloadBytes at least {@link Stamp#BYTES}; what follows the stamp is random, so that nothing can compress it
     * @param isRetained whether the RETAIN flag is set
     */
    public PublishFrame(
            ProtocolVersion version,
            String topic,
            int qos,
            boolean isRetained,
            int payloadBytes,
            RandomGenerator random) {
        if (payloadBytes < Stamp.BYTES) {
            throw new IllegalArgumentException(
                    "a payload of " + payloadBytes + " bytes has no room for the stamp of " + Stamp.BYTES);
        }
        var payload = new byte[payloadBytes];
        random.nextBytes(payload);
        var topicBytes = topic.getBytes(StandardCharsets.UTF_8);
        var identifierBytes = qos == 0 ? 0 : Short.BYTES;
        var propertiesBytes = version.hasProperties() ? 1 : 0;
        var buffer = Unpooled.buffer();
        buffer.writeByte(PUBLISH | (qos << QOS_SHIFT) | (isRetained ? RETAIN : 0));
        ClientPackets.writeVariableByteInteger(
                buffer, Short.BYTES + topicBytes.length + identifierBytes + propertiesBytes + payloadBytes);
        buffer.writeShort(topicBytes.length).writeBytes(topicBytes);
        packetIdentifierAt = qos == 0 ? NONE : buffer.writerIndex();
        buffer.writeZero(identifierBytes + propertiesBytes);
        stampAt = buffer.writerIndex();
        buffer.writeBytes(payload);
        frame = new byte[buffer.readableBytes()];
        buffer.readBytes(frame);
    }

    /** Of each message. */
    public int bytes() {
        return frame.length;
    }

    /**
     * Appends a message.
     *
     * @param packetIdentifier ignored at QoS 0
     */
    public void write(ByteBuf out, int packetIdentifier, long origin, long dueNanos) {
        var at = out.writerIndex();
        out.writeBytes(frame);
        if (packetIdentifierAt != NONE) {
            out.setShort(at + packetIdentifierAt, packetIdentifier);
        }
        out.setLong(at + stampAt, origin);
        out.setLong(at + stampAt + Long.BYTES, dueNanos);
    }
}
