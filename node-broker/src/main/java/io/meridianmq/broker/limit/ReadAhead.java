package io.meridianmq.broker.limit;

/**
 * How much of one client has been read and not yet dealt with: beyond a limit the connection stops reading, so that a
 * publisher goes no faster than what it publishes to. Belongs to the connection's loop.
 */
public final class ReadAhead {

    /** Packets of one client read ahead at most, before reading stops. */
    public static final int PACKETS_MAX = 100;

    /** Bytes of these. */
    public static final int BYTES_MAX = 64 << 10;

    private int packets;

    /** Less than {@link #BYTES_MAX} and a few packets. */
    private int bytes;

    /** A packet was read; true if reading should stop, unless it has. */
    public boolean read(int packetBytes) {
        packets++;
        bytes += packetBytes;
        return packets >= PACKETS_MAX || bytes >= BYTES_MAX;
    }

    /** A packet was dealt with; true if reading should go on, if it has stopped. */
    public boolean dealtWith(int packetBytes) {
        packets--;
        bytes -= packetBytes;
        assert packets >= 0 && bytes >= 0;
        return packets <= PACKETS_MAX / 2 && bytes <= BYTES_MAX / 2;
    }
}
