package io.meridianmq.core.place;

/**
 * Number of one connection of a client in its zone: whoever connects later has a higher one.
 *
 * @param epoch of the client's slot when the connection was granted; 0 for a connection that was not
 * @param counter counts the connections that one owner of the slot granted
 */
public record ConnectionNumber(long epoch, long counter) implements Comparable<ConnectionNumber> {

    /** Of a connection that was not granted, or not that anybody knows. */
    public static final ConnectionNumber NONE = new ConnectionNumber(0, 0);

    @Override
    public int compareTo(ConnectionNumber other) {
        var byEpoch = Long.compare(epoch, other.epoch);
        return byEpoch != 0 ? byEpoch : Long.compare(counter, other.counter);
    }

    @Override
    public String toString() {
        return epoch + "." + counter;
    }
}
