package io.meridianmq.broker.packet;

/** The fifteen control packet types (MQTT 5, section 2.1.2) with the flags each must carry. */
public enum PacketType {
    CONNECT(1, 0),
    CONNACK(2, 0),
    PUBLISH(3, 0),
    PUBACK(4, 0),
    PUBREC(5, 0),
    PUBREL(6, 0b0010),
    PUBCOMP(7, 0),
    SUBSCRIBE(8, 0b0010),
    SUBACK(9, 0),
    UNSUBSCRIBE(10, 0b0010),
    UNSUBACK(11, 0),
    PINGREQ(12, 0),
    PINGRESP(13, 0),
    DISCONNECT(14, 0),
    AUTH(15, 0);

    private static final PacketType[] IN_ORDER = values();

    private final int code;
    private final int flags;

    PacketType(int code, int flags) {
        this.code = code;
        this.flags = flags;
    }

    /** Returns the number in the upper half of the first byte, 1 to 15. */
    public int code() {
        return code;
    }

    /** Returns the lower half of the first byte; PUBLISH alone varies it. [MQTT-2.1.3-1] */
    public int flags() {
        return flags;
    }

    /** Returns the first byte of a packet of this type; for PUBLISH: of one with QoS 0, no DUP and no RETAIN. */
    public int firstByte() {
        return (code << 4) | flags;
    }

    /**
     * Returns the type with the given number.
     *
     * @throws IllegalArgumentException if {@code code} is not in 1 to 15
     */
    public static PacketType of(int code) {
        if (code < 1 || code > IN_ORDER.length) {
            throw new IllegalArgumentException("a packet type is 1 to 15, not " + code);
        }
        return IN_ORDER[code - 1];
    }
}
