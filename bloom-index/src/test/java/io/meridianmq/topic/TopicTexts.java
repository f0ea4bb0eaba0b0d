package io.meridianmq.topic;

import java.util.random.RandomGenerator;

/** Random topics and filters from a small alphabet, so that they often meet. */
public final class TopicTexts {

    private static final String[] LEVELS = {"a", "b", "c", "", "$SYS", "d\u00e9", "\u6e29\u5ea6", "\ud83d\ude00"};

    private TopicTexts() {}

    public static long seed(long otherwise) {
        var given = System.getProperty("meridian.seed", "");
        return given.isEmpty() ? otherwise : Long.parseLong(given);
    }

    public static String topic(RandomGenerator random) {
        while (true) {
            var levels = new String[levelCount(random)];
            for (var i = 0; i < levels.length; i++) {
                levels[i] = level(random, i);
            }
            var topic = String.join("/", levels);
            if (!topic.isEmpty()) {
                return topic;
            }
        }
    }

    public static TopicFilter filter(RandomGenerator random) {
        while (true) {
            var levels = new String[levelCount(random)];
            for (var i = 0; i < levels.length; i++) {
                levels[i] = random.nextInt(4) == 0 ? "+" : level(random, i);
            }
            if (random.nextInt(4) == 0) {
                levels[levels.length - 1] = "#";
            }
            var text = String.join("/", levels);
            if (!text.isEmpty()) {
                return TopicFilter.of(text);
            }
        }
    }

    public static TopicFilter sharedFilter(RandomGenerator random) {
        return TopicFilter.of("$share/g" + random.nextInt(3) + "/" + filter(random));
    }

    private static int levelCount(RandomGenerator random) {
        return random.nextInt(50) == 0 ? 40 + random.nextInt(100) : 1 + random.nextInt(5);
    }

    private static String level(RandomGenerator random, int at) {
        if (at == 0 && random.nextInt(8) == 0) {
            return "$SYS";
        }
        return LEVELS[random.nextInt(random.nextInt(3) == 0 ? LEVELS.length : 3)];
    }
}
