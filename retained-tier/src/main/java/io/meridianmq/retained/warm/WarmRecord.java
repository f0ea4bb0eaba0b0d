package io.meridianmq.retained.warm;

import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.retained.RetainedVersion;
import io.meridianmq.retained.RetainedBytes;
import io.meridianmq.retained.RetainedMessage;
import java.nio.ByteBuffer;

/**
 * The value of a topic's key, format 1, big-endian:
 *
 * <pre>
 *   kind 1 | timestamp 8 | origin 8 | boot 8 | number 8                                     a tombstone ends here
 *   publisher hash 8 | QoS 1 | expires at, milliseconds 8 | properties and payload
 * </pre>
 */
final class WarmRecord {

    private static final byte MESSAGE = 1;
    private static final byte TOMBSTONE = 2;
    private static final int TOMBSTONE_BYTES = 1 + 4 * Long.BYTES;
    private static final int MESSAGE_HEAD_BYTES = TOMBSTONE_BYTES + Long.BYTES + 1 + Long.BYTES;
    private static final int EXPIRY_AT = TOMBSTONE_BYTES + Long.BYTES + 1;

    private WarmRecord() {}

    static byte[] of(RetainedMessage message) {
        var value = ByteBuffer.allocate(MESSAGE_HEAD_BYTES + message.bytes().sizeBytes());
        putVersion(value.put(MESSAGE), message.version());
        value.putLong(message.publisherHash());
        value.put((byte) message.qos().value());
        value.putLong(message.expiresAtMillis());
        value.put(message.bytes().asByteBuffer());
        return value.array();
    }

    static byte[] tombstone(RetainedVersion version) {
        var value = ByteBuffer.allocate(TOMBSTONE_BYTES);
        putVersion(value.put(TOMBSTONE), version);
        return value.array();
    }

    static boolean isMessage(byte[] value) {
        return value[0] == MESSAGE;
    }

    static RetainedVersion version(byte[] value) {
        var in = ByteBuffer.wrap(value, 1, 4 * Long.BYTES);
        return new RetainedVersion(in.getLong(), new PublicationId(in.getLong(), in.getLong(), in.getLong()));
    }

    /** When a message expires; {@link Publication#NEVER} for a tombstone. */
    static long expiresAtMillis(byte[] value) {
        return isMessage(value) ? ByteBuffer.wrap(value).getLong(EXPIRY_AT) : Publication.NEVER;
    }

    static RetainedMessage message(String topic, byte[] value) {
        assert isMessage(value);
        var version = version(value);
        var in = ByteBuffer.wrap(value).position(TOMBSTONE_BYTES);
        return new RetainedMessage(
                topic,
                version.timestamp(),
                in.getLong(),
                version.id(),
                Qos.of(in.get()),
                in.getLong(),
                RetainedBytes.wrap(value, MESSAGE_HEAD_BYTES));
    }

    private static void putVersion(ByteBuffer out, RetainedVersion version) {
        out.putLong(version.timestamp());
        out.putLong(version.id().origin());
        out.putLong(version.id().boot());
        out.putLong(version.id().number());
    }
}
