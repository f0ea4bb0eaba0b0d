package io.meridianmq.core.session;

/**
 * What one session may hold.
 *
 * <p>A full queue drops the newest message, which Mosquitto and HiveMQ do by default as well: what was accepted first is
 * kept, and the order seen by the client has no hole in its middle.
 *
 * @param inFlightMax QoS 1 and 2 messages sent and not acknowledged, 1..65535, whatever larger window the client grants
 * @param queuedMessagesMax messages waiting behind the window
 * @param queuedBytesMax properties and payloads of these
 * @param subscriptionsMax topic filters
 * @param sessionExpirySecondsMax longest life without a connection, in 0..4294967295
 */
public record SessionLimits(
        int inFlightMax,
        int queuedMessagesMax,
        long queuedBytesMax,
        int subscriptionsMax,
        long sessionExpirySecondsMax) {

    /** 1,000 in flight; 1,000 messages or 16 MiB queued; 10,000 filters; expiry as the client wishes. */
    public static final SessionLimits DEFAULT =
            new SessionLimits(1_000, 1_000, 16L << 20, 10_000, Session.NEVER_EXPIRES);

    public SessionLimits {
        requireWithin("inFlightMax", inFlightMax, 1, 65_535);
        requireWithin("queuedMessagesMax", queuedMessagesMax, 0, Integer.MAX_VALUE);
        requireWithin("queuedBytesMax", queuedBytesMax, 0, Long.MAX_VALUE);
        requireWithin("subscriptionsMax", subscriptionsMax, 1, Integer.MAX_VALUE);
        requireWithin("sessionExpirySecondsMax", sessionExpirySecondsMax, 0, Session.NEVER_EXPIRES);
    }

    private static void requireWithin(String name, long value, long from, long to) {
        if (value < from || value > to) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed is " + from + ".." + to);
        }
    }
}
