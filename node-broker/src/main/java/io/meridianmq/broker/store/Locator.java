package io.meridianmq.broker.store;

/** Where a message for a session is: the number of a record, and which of the record's readers the session is. */
final class Locator {

    /** Readers of one record at most. */
    static final int READERS_MAX = 1 << 20;

    private static final int READER_BITS = 20;

    private Locator() {}

    static long of(long record, int reader) {
        return record << READER_BITS | reader;
    }

    static long record(long locator) {
        return locator >> READER_BITS;
    }

    static int reader(long locator) {
        return (int) locator & (READERS_MAX - 1);
    }
}
