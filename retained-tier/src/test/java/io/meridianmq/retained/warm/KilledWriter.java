package io.meridianmq.retained.warm;

import io.meridianmq.retained.store.Durability;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;

/** A process that puts without end and prints the number of every put once it is acknowledged, until it is killed. */
final class KilledWriter {

    static final int TOPICS = 500;

    private KilledWriter() {}

    static String topic(long number) {
        return "t/" + number % TOPICS;
    }

    /** Runs until killed; the arguments are the folder, and the durability: interval, always or os. */
    public static void main(String[] arguments) throws Exception {
        var durability = switch (arguments[1]) {
            case "always" -> Durability.always();
            case "os" -> Durability.os();
            default -> Durability.DEFAULT;
        };
        var settings = WarmFixtures.settings(Path.of(arguments[0]));
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (var tier = WarmTier.open(
                settings.with(settings.store().with(durability, 0)), () -> Instant.ofEpochMilli(WarmFixtures.NOW))) {
            for (var number = 0L; ; ) {
                var acknowledged = number;
                var message = WarmFixtures.message(topic(number), number, "value " + number);
                if (tier.put(message, outcome -> out.println(outcome + " " + acknowledged))) {
                    number++;
                } else {
                    Thread.onSpinWait();
                }
            }
        }
    }
}
