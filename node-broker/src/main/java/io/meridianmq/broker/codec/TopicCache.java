package io.meridianmq.broker.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/**
 * Remembers the topic name of the last PUBLISH, since a client often publishes to one topic again and again: the same
 * bytes give the same String, neither checked nor decoded again.
 *
 * <p>Belongs to one connection and its event loop. Keeps at most {@value #BYTES_MAX} bytes of topic name, and nothing
 * until the first PUBLISH.
 */
public final class TopicCache {

    static final int BYTES_MAX = 256;

    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;
    private String topic = "";

    /**
     * Returns these bytes as a topic name.
     *
     * @throws ProtocolException if they are not a valid one
     */
    String topic(ByteBuf in, int start, int length) {
        if (length == bytes.writerIndex() && length > 0 && ByteBufUtil.equals(in, start, bytes, 0, length)) {
            return topic;
        }
        var read = Utf8.read(in, start, length);
        FrameReader.checkTopicName(read); // [MQTT-3.3.2-1] [MQTT-3.3.2-2] [MQTT3-3.3.2-1] [MQTT3-3.3.2-2]
        if (length <= BYTES_MAX) {
            remember(in, start, length, read);
        }
        return read;
    }

    private void remember(ByteBuf in, int start, int length, String read) {
        if (bytes.maxCapacity() < length) {
            bytes = Unpooled.buffer(length, length);
        }
        bytes.clear();
        bytes.writeBytes(in, start, length);
        topic = read;
    }
}
