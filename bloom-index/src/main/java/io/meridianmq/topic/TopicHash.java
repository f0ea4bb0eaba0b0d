package io.meridianmq.topic;

/**
 * 64-bit keys for topics and for the filters that one look-up can find.
 *
 * <p>The running state takes in one UTF-16 unit at a time, separators included, by exclusive-or and an odd multiplier (the
 * scheme of FNV-1a with a full-width multiplier). Its value just before a separator is the state of that prefix, so one
 * pass over a topic yields the state of every prefix; a finaliser (the 64-bit mixer of SplitMix64, after Stafford)
 * spreads it. A literal filter, {@code prefix/#} and {@code prefix/+} add different constants before the finaliser and
 * so have different keys. Zero levels ({@code #}, {@code +}) have a state of their own, unlike one empty level ({@code
 * /#}).
 *
 * <p>Keys travel between nodes and are summarised in digests: <b>they never change</b>, and the test vectors say so. They
 * are not keyed: who crafts two topics with one key makes a summary answer too widely, nothing worse, since whatever
 * decides a delivery compares texts.
 */
public final class TopicHash {

    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    /** The state of zero levels. */
    static final long NO_LEVELS = 0x243F6A8885A308D3L;

    /** The state before the first character of the first level. */
    static final long START = 0x13198A2E03707344L;

    private static final long LITERAL = 0xA4093822299F31D0L;
    private static final long PREFIX_HASH = 0x082EFA98EC4E6C89L;
    private static final long PREFIX_PLUS = 0x452821E638D01377L;

    private TopicHash() {}

    /** The key of a topic name, and of the literal filter that equals it. */
    public static long ofLiteral(String topic) {
        return literal(state(topic, topic.length()));
    }

    /**
     * The key of a filter of the shapes LITERAL, PREFIX_HASH and PREFIX_PLUS; a shared filter has the key of its inner
     * filter.
     *
     * @throws IllegalArgumentException if the shape is OTHER, which no single key can stand for
     */
    public static long of(TopicFilter filter) {
        return switch (filter.shape()) {
            case LITERAL -> literal(prefixState(filter));
            case PREFIX_HASH -> prefixHash(prefixState(filter));
            case PREFIX_PLUS -> prefixPlus(prefixState(filter));
            case OTHER ->
                throw new IllegalArgumentException(
                        "filter " + filter + " has no key: only a literal filter, prefix/# " + "and prefix/+ have one");
        };
    }

    /**
     * The key of {@code prefix/#} for the filter's literal prefix, cut to a number of levels: every topic the filter
     * matches has this prefix.
     *
     * @param levelsMax at least 1
     */
    public static long ofLiteralPrefix(TopicFilter filter, int levelsMax) {
        if (filter.literalLevels() <= levelsMax) {
            return prefixHash(prefixState(filter));
        }
        var end = -1;
        for (var level = 0; level < levelsMax; level++) {
            end = filter.filter().indexOf('/', end + 1);
        }
        return prefixHash(state(filter.filter(), end));
    }

    private static long prefixState(TopicFilter filter) {
        return filter.literalLevels() == 0 ? NO_LEVELS : state(filter.filter(), filter.literalLength());
    }

    private static long state(String text, int end) {
        var state = START;
        for (var i = 0; i < end; i++) {
            state = step(state, text.charAt(i));
        }
        return state;
    }

    static long step(long state, char c) {
        return (state ^ c) * MULTIPLIER;
    }

    static long literal(long state) {
        return finish(state + LITERAL);
    }

    static long prefixHash(long state) {
        return finish(state + PREFIX_HASH);
    }

    static long prefixPlus(long state) {
        return finish(state + PREFIX_PLUS);
    }

    private static long finish(long state) {
        var z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
