package io.meridianmq.core.session;

/** Why a session did not deliver a message. Every drop is reported with one of these, to be counted. */
public enum DropReason {
    /** QoS 0 while the client has no connection. */
    OFFLINE,
    /** QoS 0 while the connection takes no more: a slow consumer. */
    SLOW_CONSUMER,
    /** QoS 1 or 2 beyond {@link SessionLimits#queuedMessagesMax()}; the newest is dropped. */
    QUEUE_MESSAGES,
    /** QoS 1 or 2 beyond {@link SessionLimits#queuedBytesMax()}; the newest is dropped. */
    QUEUE_BYTES,
    /** Its Message Expiry Interval passed before delivery began. [MQTT-3.3.2-5] */
    EXPIRED,
    /** Larger than the client's Maximum Packet Size. [MQTT-3.1.2-25] */
    TOO_LARGE,
    /** The disk had no room for it, or it could not be read again. */
    STORE,
    /** The session ended with the message undelivered. */
    SESSION_ENDED
}
