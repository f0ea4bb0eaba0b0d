package io.meridianmq.core.retained;

/**
 * The order of topics in all pages of look-ups: level by level, each level by its UTF-8 bytes. {@code a} is followed by all
 * that is below it, {@code a/b}, before {@code a!}.
 */
public final class TopicOrder {

    private TopicOrder() {}

    /** Compares two valid topic names, as {@link java.util.Comparator#compare} does. */
    public static int compare(String one, String other) {
        var common = Math.min(one.length(), other.length());
        for (var i = 0; i < common; i++) {
            var left = one.charAt(i);
            var right = other.charAt(i);
            if (left != right) {
                return rank(left) - rank(right);
            }
        }
        return one.length() - other.length();
    }

    /** Puts the separator first and surrogates last: UTF-8 bytes sort by code point, UTF-16 units do not. */
    private static int rank(char unit) {
        if (unit == '/') {
            return 0; // No topic has U+0000. [MQTT-4.7.3-2]
        }
        return Character.isSurrogate(unit) ? unit + Character.MAX_VALUE : unit;
    }
}
