package io.meridianmq.topic;

/**
 * A valid topic name: what a message is published to.
 *
 * <p>Names are compared character by character, without normalisation. [MQTT-4.7.3-4] The publish path calls
 * [MQTT3-4.7.3-4]
 * {@link #check} on the bare string and keeps that; the record is for edges where the type should tell.
 *
 * @param text the name as the publisher sent it
 */
public record TopicName(String text) {

    private static final String KIND = "topic name";

    /** @throws InvalidTopicException if the text is no valid topic name */
    public TopicName {
        check(text);
    }

    /**
     * Checks a topic name without allocating.
     *
     * @throws InvalidTopicException if it is empty, longer than 65,535 bytes of UTF-8, not well formed, or has a
     *     wildcard character
     */
    public static void check(String topic) {
        TopicText.check(topic, KIND);
        checkAbsent(topic, '+');
        checkAbsent(topic, '#');
    }

    private static void checkAbsent(String topic, char wildcard) {
        var at = topic.indexOf(wildcard);
        if (at >= 0) {
            throw new InvalidTopicException(KIND + " has the wildcard " + wildcard + " at character " + at
                    + ": wildcards belong in topic filters only"); // [MQTT-4.7.0-1] [MQTT-3.3.2-2] [MQTT3-4.7.1-1]
        }
    }

    /** Whether wildcards at the first level of a filter pass this topic by. [MQTT-4.7.2-1] */
    static boolean isReserved(String topic) {
        return !topic.isEmpty() && topic.charAt(0) == '$';
    }

    @Override
    public String toString() {
        return text;
    }
}
