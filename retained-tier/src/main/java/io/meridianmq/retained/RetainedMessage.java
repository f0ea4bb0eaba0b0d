package io.meridianmq.retained;

import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.retained.RetainedVersion;

/**
 * The last message of a topic.
 *
 * @param topic valid topic name
 * @param timestamp hybrid logical stamp given by the origin
 * @param publisherHash hash of the publisher's client identifier; 0 for none
 * @param id platform-wide identity
 * @param qos quality of service it was published with
 * @param expiresAtMillis wall-clock time after which it no longer exists, {@link Publication#NEVER} without expiry
 * @param bytes properties and payload; a message without payload is no retained message, it clears one
 */
public record RetainedMessage(
        String topic,
        long timestamp,
        long publisherHash,
        PublicationId id,
        Qos qos,
        long expiresAtMillis,
        RetainedBytes bytes)
        implements RetainedEntry {

    @Override
    public RetainedVersion version() {
        return new RetainedVersion(timestamp, id);
    }

    /** Whether it no longer exists. [MQTT-3.3.2-5] */
    public boolean isExpired(long nowMillis) {
        return nowMillis >= expiresAtMillis;
    }

    /** What a new subscriber gets. [MQTT-3.3.1-9] */
    public Publication toPublication() {
        return new Publication(id, timestamp, publisherHash, topic, qos, true, expiresAtMillis, bytes);
    }
}
