package io.meridianmq.broker.packet;

/** What a new subscription gets of the retained messages (MQTT 5, section 3.8.3.1). */
public enum RetainHandling {
    /** All that match. */
    SEND(0),
    /** All that match, unless the subscription existed. */
    SEND_IF_NEW(1),
    /** None. */
    DO_NOT_SEND(2);

    private final int value;

    RetainHandling(int value) {
        this.value = value;
    }

    /** Returns the number used on the wire: 0, 1 or 2. */
    public int value() {
        return value;
    }

    /**
     * Returns the handling with the given number.
     *
     * @throws IllegalArgumentException if {@code value} is not 0, 1 or 2
     */
    public static RetainHandling of(int value) {
        return switch (value) {
            case 0 -> SEND;
            case 1 -> SEND_IF_NEW;
            case 2 -> DO_NOT_SEND;
            default -> throw new IllegalArgumentException("Retain Handling must be 0, 1 or 2, not " + value);
        };
    }
}
