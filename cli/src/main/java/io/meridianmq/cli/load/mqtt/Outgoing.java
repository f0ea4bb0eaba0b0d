package io.meridianmq.cli.load.mqtt;

/** A QoS 1 or 2 publish until its last acknowledgement. Belongs to its {@link Outbox}. */
final class Outgoing {

    private final Publish publish;
    private int packetIdentifier;
    private boolean isReleased;

    Outgoing(Publish publish) {
        this.publish = publish;
    }

    Publish publish() {
        return publish;
    }

    int packetIdentifier() {
        return packetIdentifier;
    }

    void assign(int newPacketIdentifier) {
        packetIdentifier = newPacketIdentifier;
    }

    /** Whether PUBREC came, so that PUBREL goes out in place of PUBLISH. */
    boolean isReleased() {
        return isReleased;
    }

    void release() {
        isReleased = true;
    }
}
