package io.meridianmq.broker.remote;

/** What it is that came from another node, as far as it matters to whom it goes. */
public enum Arrival {
    /** {@link ToSession.Attach}. */
    OPENS_SESSION,
    TO_SESSION,
    /** The last that a front says over a connection. */
    LEAVES_SESSION,
    TO_CLIENT,
    /** {@link ToSession.Bequeath}. */
    BEQUEATHS,
    /** Who waits for room on the way to that node has some. */
    ROOM,
    /** Nothing that concerns anybody else. */
    NOTHING
}
