package io.meridianmq.cli.bench.wire;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;

/** The properties of a CONNACK of MQTT 5, of which one is of interest. */
final class ConnackProperties {

    static final int RECEIVE_MAXIMUM_DEFAULT = 65_535;

    private static final int RECEIVE_MAXIMUM = 0x21;
    private static final int LOW_BITS = 0x7f;
    private static final int CONTINUES = 0x80;
    private static final int BITS = 7;

    private ConnackProperties() {}

    /**
     * The broker's window, or the default.
     *
     * @param properties from their length on
     */
    static int receiveMaximum(ByteBuf properties) {
        var length = 0;
        var shift = 0;
        int octet;
        do {
            octet = properties.readUnsignedByte();
            length |= (octet & LOW_BITS) << shift;
            shift += BITS;
        } while (octet >= CONTINUES);
        var end = properties.readerIndex() + length;
        while (properties.readerIndex() < end) {
            var property = properties.readUnsignedByte();
            if (property == RECEIVE_MAXIMUM) {
                return properties.readUnsignedShort();
            }
            skip(properties, property);
        }
        return RECEIVE_MAXIMUM_DEFAULT;
    }

    /** Clause 3.2.2.3 has the properties, 2.2.2.2 their types. */
    private static void skip(ByteBuf properties, int property) {
        switch (property) {
            case 0x24, 0x25, 0x28, 0x29, 0x2A -> properties.skipBytes(1);
            case 0x13, 0x22 -> properties.skipBytes(Short.BYTES);
            case 0x11, 0x27 -> properties.skipBytes(Integer.BYTES);
            case 0x12, 0x15, 0x16, 0x1A, 0x1C, 0x1F -> skipString(properties);
            case 0x26 -> {
                skipString(properties);
                skipString(properties);
            }
            default -> throw new CorruptedFrameException("property " + property + " in a CONNACK");
        }
    }

    private static void skipString(ByteBuf properties) {
        properties.skipBytes(properties.readUnsignedShort());
    }
}
