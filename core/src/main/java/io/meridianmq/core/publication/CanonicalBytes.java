package io.meridianmq.core.publication;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A message in its canonical form, as links and stores carry it, in an array of its own: for what is kept long and seldom
 * read. Immutable; nobody counts its holders. Any thread may call.
 */
public final class CanonicalBytes {

    private final byte[] bytes;

    private CanonicalBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes over an array, which nobody changes any more. */
    public static CanonicalBytes wrap(byte[] bytes) {
        return new CanonicalBytes(bytes);
    }

    public int sizeBytes() {
        return bytes.length;
    }

    /** The bytes, for reading only. */
    public ByteBuffer asByteBuffer() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CanonicalBytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}
