package io.meridianmq.broker.packet;

/** What the optional numbers of properties are when the packet does not carry them. */
public final class Properties {

    /** The property is not there. */
    public static final int ABSENT = -1;

    /** Receive Maximum of a packet that has none. */
    public static final int RECEIVE_MAXIMUM_DEFAULT = 65_535;

    /** Session Expiry Interval, in seconds, of a session that never expires. */
    public static final long NEVER_EXPIRES = 0xFFFF_FFFFL;

    private Properties() {}
}
