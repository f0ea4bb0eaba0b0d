package io.meridianmq.core.publication;

/**
 * One published message: a small header and its bytes, which are shared by reference.
 *
 * <p>Immutable. Whoever holds a publication beyond the call that handed it over holds one share of its {@link #bytes()}
 * and releases it.
 *
 * @param id platform-wide identity
 * @param timestamp hybrid logical stamp given by the origin
 * @param publisherHash hash of the publisher's client identifier, so that No Local works on every node; 0 for none
 * @param topic topic name
 * @param qos quality of service of the PUBLISH as it arrived
 * @param retain whether the publisher set RETAIN
 * @param expiresAtMillis wall-clock time after which it is no longer delivered, {@link #NEVER} without message expiry
 * @param bytes properties and payload
 */
public record Publication(
        PublicationId id,
        long timestamp,
        long publisherHash,
        String topic,
        Qos qos,
        boolean retain,
        long expiresAtMillis,
        PublicationBytes bytes) {

    /** The {@link #expiresAtMillis()} of a message without expiry. */
    public static final long NEVER = Long.MAX_VALUE;

    /** Whether the message may no longer be delivered to new subscribers. [MQTT-3.3.2-5] */
    public boolean isExpired(long nowMillis) {
        return nowMillis >= expiresAtMillis;
    }

    /** Adds a holder of the bytes and returns this. */
    public Publication share() {
        bytes.share();
        return this;
    }

    /** The same publication for a holder that keeps it for an unknown time; see {@link PublicationBytes#shareForLong}. */
    public Publication shareForLong() {
        var kept = bytes.shareForLong();
        return kept.equals(bytes)
                ? this
                : new Publication(id, timestamp, publisherHash, topic, qos, retain, expiresAtMillis, kept);
    }

    /** Ends one holder's use of the bytes. */
    public void release() {
        bytes.release();
    }
}
