package io.meridianmq.topic;

import java.util.Optional;

/**
 * A valid topic filter: what a client subscribes to, shared ({@code $share/group/filter}) or not.
 *
 * <p>An immutable value; two are equal when their texts are. Parsing looks at each character a few times and happens once
 * per SUBSCRIBE.
 */
public final class TopicFilter {

    /** What can be done with a filter: the first three shapes are found by one hash look-up, the last needs a trie. */
    public enum Shape {
        /** No wildcard: {@code a/b}. */
        LITERAL,
        /** Literal levels, then the multi-level wildcard: {@code a/b/#}, also {@code #} alone. */
        PREFIX_HASH,
        /** Literal levels, then one single-level wildcard at the end: {@code a/b/+}, also {@code +} alone. */
        PREFIX_PLUS,
        /** Everything else: {@code a/+/b}, {@code +/#}. */
        OTHER
    }

    private static final String KIND = "topic filter";
    private static final String SHARE = "$share/";

    private final String text;
    private final String group;
    private final String filter;
    private final Shape shape;
    private final int literalLevels;
    private final int literalLength;

    /** Takes a text whose characters and sharing have been checked, and checks the wildcards. */
    private TopicFilter(String text, String group, String filter) {
        this.text = text;
        this.group = group;
        this.filter = filter;
        var wildcard = firstWildcard(filter);
        if (wildcard < 0) {
            this.shape = Shape.LITERAL;
            this.literalLength = filter.length();
            this.literalLevels = separators(filter, filter.length()) + 1;
        } else {
            checkWildcards(text, filter, wildcard);
            var last = wildcard == filter.length() - 1;
            this.shape = !last ? Shape.OTHER : filter.charAt(wildcard) == '#' ? Shape.PREFIX_HASH : Shape.PREFIX_PLUS;
            this.literalLength = Math.max(0, wildcard - 1);
            this.literalLevels = separators(filter, wildcard);
        }
    }

    /**
     * Parses a filter as SUBSCRIBE and UNSUBSCRIBE carry it.
     *
     * @throws InvalidTopicException if MQTT forbids it; the message says what and where
     */
    public static TopicFilter of(String text) {
        TopicText.check(text, KIND);
        if (!text.startsWith(SHARE)) {
            return new TopicFilter(text, "", text);
        }
        var end = text.indexOf('/', SHARE.length());
        if (end < 0 || end == text.length() - 1) {
            throw invalid(text, "names no topic filter after $share/{group}/"); // [MQTT-4.8.2-2]
        }
        if (end == SHARE.length()) {
            throw invalid(text, "has an empty group name: expected $share/{group}/{filter}"); // [MQTT-4.8.2-1]
        }
        var group = text.substring(SHARE.length(), end);
        if (firstWildcard(group) >= 0) {
            throw invalid(text, "has a wildcard in its group name"); // [MQTT-4.8.2-2]
        }
        return new TopicFilter(text, group, text.substring(end + 1));
    }

    /** The whole text as the client sent it, {@code $share/group/} included. */
    public String text() {
        return text;
    }

    /** The name of the group if this is a shared filter. */
    public Optional<String> group() {
        return isShared() ? Optional.of(group) : Optional.empty();
    }

    /** Whether this is a shared filter. */
    public boolean isShared() {
        return !group.isEmpty();
    }

    /** What topics are matched against: the text without {@code $share/group/}. */
    public String filter() {
        return filter;
    }

    /** The shape of {@link #filter}. */
    public Shape shape() {
        return shape;
    }

    /** How many levels of {@link #filter} come before its first wildcard; all of them if it has none. */
    public int literalLevels() {
        return literalLevels;
    }

    /**
     * The levels before the first wildcard, without the separator behind them: {@code a/b} of {@code a/b/+/c}. Empty if
     * there are none; ask {@link #literalLevels} to tell that from one empty level.
     */
    public String literalPrefix() {
        return filter.substring(0, literalLength);
    }

    /** How many characters of {@link #filter} its literal prefix takes. */
    int literalLength() {
        return literalLength;
    }

    /**
     * Whether a message published to this topic matches. Written for plainness: it allocates, and serves explanations,
     * access rules read once, and tests; the publish path uses {@link SubscriptionTrie}.
     *
     * @param topic a valid topic name
     */
    public boolean matches(String topic) {
        var wildcardFirst = filter.charAt(0) == '+' || filter.charAt(0) == '#';
        if (wildcardFirst && TopicName.isReserved(topic)) {
            return false; // [MQTT-4.7.2-1] [MQTT3-4.7.2-1]
        }
        var wanted = filter.split("/", -1);
        var levels = topic.split("/", -1);
        for (var i = 0; i < wanted.length; i++) {
            if (wanted[i].equals("#")) {
                return true; // The parent level matches too: a/# matches a. (section 4.7.1.2)
            }
            if (i == levels.length || !(wanted[i].equals("+") || wanted[i].equals(levels[i]))) {
                return false;
            }
        }
        return wanted.length == levels.length;
    }

    private static int firstWildcard(String filter) {
        for (var i = 0; i < filter.length(); i++) {
            if (isWildcard(filter.charAt(i))) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isWildcard(char c) {
        return c == '+' || c == '#';
    }

    private static void checkWildcards(String text, String filter, int first) {
        var last = filter.length() - 1;
        for (var i = first; i <= last; i++) {
            var c = filter.charAt(i);
            if (!isWildcard(c)) {
                continue;
            }
            var startsLevel = i == 0 || filter.charAt(i - 1) == '/';
            var endsLevel = i == last || filter.charAt(i + 1) == '/';
            if (!startsLevel || !endsLevel) {
                throw invalid(
                        text,
                        "has " + c + " at character " + (i + text.length() - filter.length())
                                // [MQTT3-4.7.1-3]
                                + " beside other characters: it must fill its level"); // [MQTT-4.7.1-1] [MQTT-4.7.1-2]
            }
            if (c == '#' && i != last) {
                throw invalid(
                        text,
                        "has # at character " + (i + text.length() - filter.length())
                                + " before its end: it must be the last level"); // [MQTT-4.7.1-1] [MQTT3-4.7.1-2]
            }
        }
    }

    private static int separators(String filter, int end) {
        var count = 0;
        for (var i = 0; i < end; i++) {
            if (filter.charAt(i) == '/') {
                count++;
            }
        }
        return count;
    }

    private static InvalidTopicException invalid(String text, String what) {
        var shown = text.length() <= 100 ? text : text.substring(0, 100) + "...";
        return new InvalidTopicException(KIND + " \"" + shown + "\" " + what);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TopicFilter that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
