package io.meridianmq.core.session;

/** When a subscriber gets the retained messages that match its filter (MQTT 5, section 3.8.3.1). */
public enum RetainHandling {
    /** At every SUBSCRIBE. [MQTT-3.3.1-9] */
    SEND,
    /** Only if the subscription did not exist yet. [MQTT-3.3.1-10] */
    SEND_IF_NEW,
    /** Never. [MQTT-3.3.1-11] */
    DO_NOT_SEND;

    /**
     * Returns the handling with the number used on the wire.
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

    /** Returns the number used on the wire. */
    public int value() {
        return switch (this) {
            case SEND -> 0;
            case SEND_IF_NEW -> 1;
            case DO_NOT_SEND -> 2;
        };
    }

    boolean sends(boolean isNew) {
        return switch (this) {
            case SEND -> true;
            case SEND_IF_NEW -> isNew;
            case DO_NOT_SEND -> false;
        };
    }
}
