package io.meridianmq.broker.packet;

import java.util.Arrays;
import java.util.HexFormat;

/** Immutable bytes: the Binary Data of the specification (MQTT 5, section 1.5.6). */
public final class BinaryData {

    /** No bytes. */
    public static final BinaryData EMPTY = new BinaryData(new byte[0]);

    private final byte[] bytes;

    private BinaryData(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Copies {@code bytes}. */
    public static BinaryData of(byte... bytes) {
        return bytes.length == 0 ? EMPTY : new BinaryData(bytes.clone());
    }

    /** Returns the number of bytes. */
    public int length() {
        return bytes.length;
    }

    /** Returns a copy. */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BinaryData data && Arrays.equals(bytes, data.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Returns the length alone for long data, which may be a secret or a payload. */
    @Override
    public String toString() {
        return bytes.length <= 4 ? HexFormat.of().formatHex(bytes) : bytes.length + " bytes";
    }
}
