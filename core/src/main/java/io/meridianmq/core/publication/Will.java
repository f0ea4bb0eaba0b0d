package io.meridianmq.core.publication;

/**
 * The message that is published for a client that goes without saying goodbye (MQTT 5, section 3.1.2.5).
 *
 * @param delaySeconds how long after the connection's end it is published, 0..4294967295; earlier if the session ends
 * @param messageExpirySeconds life of the message once published; {@link #NO_MESSAGE_EXPIRY} for no end
 * @param message topic, properties and payload
 */
public record Will(Qos qos, boolean retain, long delaySeconds, long messageExpirySeconds, CanonicalBytes message) {

    public static final long NO_MESSAGE_EXPIRY = -1;

    /** The same will, to be published at once. */
    public Will withoutDelay() {
        return delaySeconds == 0 ? this : new Will(qos, retain, 0, messageExpirySeconds, message);
    }
}
