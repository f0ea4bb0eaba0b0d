package io.meridianmq.broker.access;

import java.util.List;

/**
 * The levels of a topic filter, and what can be said of two of them. Immutable.
 *
 * <p>A topic is matched as section 4.7 of MQTT 5 says: {@code a/#} matches {@code a} as well, and a filter that begins with
 * a wildcard matches no topic that begins with {@code $}.
 */
record FilterLevels(List<String> levels) {

    private static final String ONE = "+";
    private static final String REST = "#";

    FilterLevels {
        levels = List.copyOf(levels);
    }

    /** @param filter a valid topic filter, without {@code $share/group/} */
    static FilterLevels of(String filter) {
        return new FilterLevels(List.of(filter.split("/", -1)));
    }

    /** Whether a topic matches. */
    boolean matches(String topic) {
        // A topic is a filter that matches itself alone.
        return covers(of(topic));
    }

    /** Whether every topic that the other filter matches is matched by this one. */
    boolean covers(FilterLevels other) {
        if (isBlindTo(other)) {
            return false;
        }
        for (var i = 0; i < levels.size(); i++) {
            var mine = levels.get(i);
            if (mine.equals(REST) || isEverything(i)) {
                return true;
            }
            if (i == other.levels.size() || other.levels.get(i).equals(REST)) {
                return false;
            }
            if (!mine.equals(ONE) && !mine.equals(other.levels.get(i))) {
                return false;
            }
        }
        return levels.size() == other.levels.size();
    }

    /** Whether there is a topic that both filters match. */
    boolean meets(FilterLevels other) {
        if (isBlindTo(other) || other.isBlindTo(this)) {
            return false;
        }
        var shared = Math.min(levels.size(), other.levels.size());
        for (var i = 0; i < shared; i++) {
            var mine = levels.get(i);
            var theirs = other.levels.get(i);
            if (mine.equals(REST) || theirs.equals(REST)) {
                return true;
            }
            if (!mine.equals(ONE) && !theirs.equals(ONE) && !mine.equals(theirs)) {
                return false;
            }
        }
        return levels.size() == other.levels.size() || endsWithRestAt(shared) || other.endsWithRestAt(shared);
    }

    /** Whether the other filter is about topics with {@code $} alone, which this one does not see. [MQTT-4.7.2-1] */
    private boolean isBlindTo(FilterLevels other) {
        var first = levels.getFirst();
        return (first.equals(ONE) || first.equals(REST))
                && other.levels.getFirst().startsWith("$");
    }

    /** {@code +/#} matches what {@code #} does, since every topic has a first level. */
    private boolean isEverything(int i) {
        return i == 0
                && levels.size() == 2
                && levels.get(0).equals(ONE)
                && levels.get(1).equals(REST);
    }

    private boolean endsWithRestAt(int i) {
        return levels.size() == i + 1 && levels.get(i).equals(REST);
    }
}
