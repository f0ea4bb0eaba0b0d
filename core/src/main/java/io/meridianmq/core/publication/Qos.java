package io.meridianmq.core.publication;

/** Quality of service of a publication or a subscription (MQTT 5, section 4.3). Ordered: a later constant promises more. */
public enum Qos {
    AT_MOST_ONCE(0),
    AT_LEAST_ONCE(1),
    EXACTLY_ONCE(2);

    private final int value;

    Qos(int value) {
        this.value = value;
    }

    /** Returns the number used on the wire: 0, 1 or 2. */
    public int value() {
        return value;
    }

    /**
     * Returns the quality of service with the given number.
     *
     * @throws IllegalArgumentException if {@code value} is not 0, 1 or 2; 3 is reserved [MQTT-3.3.1-4]
     */
    public static Qos of(int value) {
        return switch (value) {
            case 0 -> AT_MOST_ONCE;
            case 1 -> AT_LEAST_ONCE;
            case 2 -> EXACTLY_ONCE;
            default -> throw new IllegalArgumentException("QoS must be 0, 1 or 2, not " + value);
        };
    }

    /**
     * Returns the lower of this and {@code other}: what a subscriber gets of a publication when this is the QoS of one
     * and {@code other} of the other [MQTT-3.8.4-8].
     */
    public Qos min(Qos other) {
        return compareTo(other) <= 0 ? this : other;
    }
}
