package io.meridianmq.retained;

import io.meridianmq.core.publication.PublicationBytes;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Properties and payload of a retained message in the canonical MQTT 5 form, in a plain array.
 *
 * <p>An immutable value. Sharing and releasing do nothing: the garbage collector ends it.
 */
public final class RetainedBytes implements PublicationBytes {

    private final byte[] array;
    private final int offset;

    private RetainedBytes(byte[] array, int offset) {
        this.array = array;
        this.offset = offset;
    }

    /** A value with a copy of {@code bytes}. */
    public static RetainedBytes copyOf(byte[] bytes) {
        return new RetainedBytes(bytes.clone(), 0);
    }

    /** Everything from {@code offset} to the end of an array that nobody changes any more. */
    public static RetainedBytes wrap(byte[] array, int offset) {
        return new RetainedBytes(array, offset);
    }

    /** A read-only view of the bytes. */
    public ByteBuffer asByteBuffer() {
        return ByteBuffer.wrap(array, offset, sizeBytes()).slice().asReadOnlyBuffer();
    }

    @Override
    public int sizeBytes() {
        return array.length - offset;
    }

    @Override
    public RetainedBytes share() {
        return this;
    }

    @Override
    public void release() {
        // Nothing is counted.
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RetainedBytes that
                && Arrays.equals(array, offset, array.length, that.array, that.offset, that.array.length);
    }

    @Override
    public int hashCode() {
        return asByteBuffer().hashCode();
    }

    @Override
    public String toString() {
        return sizeBytes() + " bytes";
    }
}
