package io.meridianmq.cli.load.account;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Decided messages that did not come to every watcher, so that one that comes late after all is told from a copy. Remembers
 * {@value #REMEMBERED_MAX} messages: of those beyond, one that comes late counts as a copy.
 */
final class Missed {

    static final int REMEMBERED_MAX = 100_000;

    private final Map<Key, Entry> entries = new HashMap<>();

    private record Key(int stream, long number) {}

    /**
     * Whom it did not come to: watchers, as bits.
     *
     * @param missingAt all of them
     * @param lostAt those that count it as lost
     * @param awayAt those that count it as missed since they were away; the others could not expect it
     */
    record Entry(long sentMillis, int missingAt, int lostAt, int awayAt) {}

    void add(int stream, long number, Entry entry) {
        if (entries.size() < REMEMBERED_MAX) {
            entries.put(new Key(stream, number), entry);
        }
    }

    /** What is remembered of a message that comes late to the watcher; the next time it is a copy. */
    Optional<Entry> arrived(int stream, long number, int watcher) {
        var key = new Key(stream, number);
        var entry = entries.get(key);
        var bit = 1 << watcher;
        if (entry == null || (entry.missingAt & bit) == 0) {
            return Optional.empty();
        }
        if (entry.missingAt == bit) {
            entries.remove(key);
        } else {
            entries.put(key, new Entry(entry.sentMillis, entry.missingAt & ~bit, entry.lostAt, entry.awayAt));
        }
        return Optional.of(entry);
    }
}
