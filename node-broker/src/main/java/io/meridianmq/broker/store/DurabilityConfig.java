package io.meridianmq.broker.store;

import io.meridianmq.fabric.config.Section;
import io.meridianmq.retained.store.Durability;
import java.time.Duration;

/**
 * How what is kept on disk is kept.
 *
 * @param durability when it reaches the disk itself
 * @param reserveBytes room on the disk below which nothing new is taken
 */
public record DurabilityConfig(Durability durability, long reserveBytes) {

    private static final Duration INTERVAL_MIN = Duration.ofMillis(1);
    private static final Duration INTERVAL_MAX = Duration.ofSeconds(10);

    /** Reads the section {@code durability}. */
    public static DurabilityConfig read(Section section) {
        var interval = section.duration("interval", Durability.DEFAULT.interval(), INTERVAL_MIN, INTERVAL_MAX);
        var durability = switch (section.choice("sync", Durability.DEFAULT.sync())) {
            case INTERVAL -> new Durability(Durability.Sync.INTERVAL, interval);
            case ALWAYS -> Durability.always();
            case OS -> Durability.os();
        };
        return new DurabilityConfig(durability, section.bytes("reserve", 64L << 20, 0, 1L << 40));
    }
}
