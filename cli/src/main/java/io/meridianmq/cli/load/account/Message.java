package io.meridianmq.cli.load.account;

/**
 * One message from its publishing until nothing more is expected of it. All times are milliseconds since the run began.
 * Belongs to its {@link Stream}.
 */
final class Message {

    /** The connection of a message that was sent on more than one. */
    private static final int SEVERAL = -1;

    /** How far it is, from its publisher's side. */
    enum State {
        /** It has a number, and was not sent. */
        PLANNED,
        /** It was sent; at QoS 0 that is all. */
        SENT,
        /** The broker has taken it over: it must arrive. */
        ACKNOWLEDGED,
        /** The broker has refused it, and said so. */
        REFUSED,
        /** Its publisher gave it up, and does not know whether it arrived. */
        UNKNOWN
    }

    private State state = State.PLANNED;
    private long sentMillis;
    private long concludedMillis;
    private int connection;

    /** The watchers that it has not come to, as bits. */
    private int missing;

    /** @param watchers those that it should come to, as bits */
    Message(int watchers) {
        this.missing = watchers;
    }

    void sent(int onConnection, long nowMillis) {
        if (state == State.PLANNED) {
            state = State.SENT;
            sentMillis = nowMillis;
            concludedMillis = nowMillis;
            connection = onConnection;
        } else {
            connection = SEVERAL;
        }
    }

    void conclude(State end, long nowMillis) {
        state = end;
        concludedMillis = nowMillis;
    }

    State state() {
        return state;
    }

    /** When it was sent for the first time. */
    long sentMillis() {
        return sentMillis;
    }

    /** When its publisher knew all that it will ever know. */
    long concludedMillis() {
        return concludedMillis;
    }

    boolean isMissingAt(int watcher) {
        return (missing & 1 << watcher) != 0;
    }

    boolean isComplete() {
        return missing == 0;
    }

    void arrivedAt(int watcher) {
        missing &= ~(1 << watcher);
    }

    /** Whether both were sent on one connection, so that their order is promised. */
    boolean isOfSameConnectionAs(Message other) {
        return connection != SEVERAL && connection == other.connection;
    }
}
