package io.meridianmq.topic;

/** The rules that topic names and topic filters share: length and well-formed characters. */
final class TopicText {

    /** What a two-byte length prefix can express. [MQTT-1.5.4] */
    static final int BYTES_MAX = 65_535;

    private TopicText() {}

    /**
     * Checks length and characters in one pass, without allocating.
     *
     * @param kind what the text is, for the message
     * @throws InvalidTopicException if the text is empty, too long or not well formed
     */
    static void check(String text, String kind) {
        var length = text.length();
        if (length == 0) {
            // [MQTT3-4.7.3-1]
            throw new InvalidTopicException(kind + " is empty: it needs at least one character"); // [MQTT-4.7.3-1]
        }
        var bytes = 0;
        for (var i = 0; i < length; i++) {
            var c = text.charAt(i);
            if (c == 0) {
                throw new InvalidTopicException(
                        kind + " has the null character U+0000 at character " + i); // [MQTT-4.7.3-2] [MQTT3-4.7.3-2]
            }
            if (c < 0x80) {
                bytes++;
            } else if (c < 0x800) {
                bytes += 2;
            } else if (!Character.isSurrogate(c)) {
                bytes += 3;
            } else {
                checkPair(text, i, kind);
                bytes += 4;
                i++;
            }
        }
        if (bytes > BYTES_MAX) {
            throw new InvalidTopicException(
                    // [MQTT3-4.7.3-3]
                    kind + " takes " + bytes + " bytes of UTF-8: at most " + BYTES_MAX + " fit"); // [MQTT-4.7.3-3]
        }
    }

    private static void checkPair(String text, int at, String kind) {
        var paired = Character.isHighSurrogate(text.charAt(at))
                && at + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(at + 1));
        if (!paired) {
            throw new InvalidTopicException(kind + " has an unpaired surrogate at character " + at
                    + ": not well-formed UTF-8"); // [MQTT-1.5.4-1]
        }
    }
}
