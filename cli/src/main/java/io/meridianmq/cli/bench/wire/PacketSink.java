package io.meridianmq.cli.bench.wire;

/** What a {@link FrameReader} tells of the packets that it finds. */
interface PacketSink {

    /**
     * The answer to CONNECT.
     *
     * @param receiveMaximum QoS 1 and 2 publishes that the broker takes unacknowledged
     */
    void onConnack(int reasonCode, int receiveMaximum);

    /**
     * A message.
     *
     * @param first the first byte of the packet, with QoS, DUP and RETAIN
     * @param packetIdentifier 0 at QoS 0
     * @param origin of the {@link Stamp}, or {@link Stamp#NO_ORIGIN}
     */
    void onPublish(int first, int packetIdentifier, long origin, long dueNanos);

    /**
     * PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK or UNSUBACK.
     *
     * @param type the upper four bits of its first byte
     * @param reasonCode 0 if it has none
     */
    void onAcknowledgement(int type, int packetIdentifier, int reasonCode);

    /** The broker ends the connection. */
    void onDisconnect(int reasonCode);
}
