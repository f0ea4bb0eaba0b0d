package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.Properties;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.core.publication.Qos;

/**
 * How one subscriber gets a message: all that differs between subscribers.
 *
 * <p>A scratch object that belongs to one event loop: {@link #start} forgets everything, the other methods add to it,
 * {@link PublishFrame} reads it before they return to their caller. So a delivery allocates nothing.
 */
public final class OutgoingPublish {

    private static final int[] NONE = {};

    private ProtocolVersion version = ProtocolVersion.MQTT_5;
    private Qos qos = Qos.AT_MOST_ONCE;
    private int packetIdentifier;
    private boolean duplicate;
    private boolean retain;
    private long expirySeconds = Properties.ABSENT;
    private int topicAlias;
    private boolean topicLeftOut;
    private int[] subscriptionIdentifiers = NONE;
    private int subscriptionIdentifierCount;

    /**
     * Begins a delivery without RETAIN, DUP, expiry, topic alias and subscription identifiers.
     *
     * @param version version of the subscriber's connection
     * @param packetIdentifier 1 to 65,535; 0 at QoS 0
     */
    public OutgoingPublish start(ProtocolVersion version, Qos qos, int packetIdentifier) {
        assert (qos == Qos.AT_MOST_ONCE) == (packetIdentifier == 0) : packetIdentifier; // [MQTT-2.2.1-2]
        this.version = version;
        this.qos = qos;
        this.packetIdentifier = packetIdentifier;
        duplicate = false;
        retain = false;
        expirySeconds = Properties.ABSENT;
        topicAlias = 0;
        topicLeftOut = false;
        subscriptionIdentifiers = NONE;
        subscriptionIdentifierCount = 0;
        return this;
    }

    /** Sent before, and not acknowledged. [MQTT-3.3.1-1] */
    public OutgoingPublish duplicate() {
        assert qos != Qos.AT_MOST_ONCE;
        duplicate = true;
        return this;
    }

    /** Sets the RETAIN flag. [MQTT-3.3.1-12] [MQTT-3.3.1-13] */
    public OutgoingPublish retain(boolean flag) {
        retain = flag;
        return this;
    }

    /** Sets how many seconds the message has left, 0 to 4,294,967,295. Version 5 alone tells it. [MQTT-3.3.2-6] */
    public OutgoingPublish expirySeconds(long remaining) {
        expirySeconds = remaining;
        return this;
    }

    /**
     * Sets the alias, 1 to 65,535, of the topic on this connection, for version 5 alone.
     *
     * @param known whether the subscriber has been told before what it stands for; then the topic is left out
     */
    public OutgoingPublish topicAlias(int alias, boolean known) {
        assert alias > 0 && version.hasProperties() : alias;
        topicAlias = alias;
        topicLeftOut = known;
        return this;
    }

    /**
     * Sets the identifiers of the matching subscriptions, for version 5 alone. [MQTT-3.3.4-3]
     *
     * @param identifiers 1 to 268,435,455 each; not copied
     * @param count how many of them count
     */
    public OutgoingPublish subscriptionIdentifiers(int[] identifiers, int count) {
        assert count <= identifiers.length : count;
        subscriptionIdentifiers = identifiers;
        subscriptionIdentifierCount = count;
        return this;
    }

    /** Returns the version of the subscriber's connection. */
    public ProtocolVersion version() {
        return version;
    }

    /** Returns the quality of service of this delivery. */
    public Qos qos() {
        return qos;
    }

    int packetIdentifier() {
        return packetIdentifier;
    }

    int topicAlias() {
        return topicAlias;
    }

    boolean isTopicLeftOut() {
        return topicLeftOut;
    }

    long expirySeconds() {
        return expirySeconds;
    }

    int subscriptionIdentifierCount() {
        return subscriptionIdentifierCount;
    }

    int subscriptionIdentifier(int index) {
        return subscriptionIdentifiers[index];
    }

    int firstByte() {
        return PublishEncoder.firstByte(qos, duplicate, retain);
    }

    /** Whether this delivery is like that of every other subscriber at QoS 0 with this version. */
    boolean isPlain() {
        return qos == Qos.AT_MOST_ONCE
                && !retain
                && topicAlias == 0
                && subscriptionIdentifierCount == 0
                && (expirySeconds == Properties.ABSENT || !version.hasProperties());
    }
}
