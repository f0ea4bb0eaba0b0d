package io.meridianmq.cli.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The tests of the stress suite, in the order in which they are run. */
enum StressTest {
    /** Large messages to many clients that do not read, beside some that do; and everything works afterwards. */
    BUFFER_POOL,
    /** Pairs at QoS 1 for a minute: no third of it is much slower than the one before. */
    SUSTAINED,
    /** Messages of 64 KB to 1 MB at QoS 1. */
    MEMORY,
    /** 1,000 messages to 5,000 subscribers. */
    FAN_OUT,
    /** Clients that subscribe, unsubscribe, leave and come again beside a stream of messages. */
    CHURN,
    /** Pairs of every QoS, a fan-out and a shared subscription at once. */
    MIXED,
    /** 10 publishers with 10,000 messages each at QoS 1 to one subscriber. */
    CONCURRENT;

    /**
     * Reads a name as {@link #toString} writes it, or {@code all}.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    static List<StressTest> parse(String name) {
        if (name.equals("all")) {
            return List.of(values());
        }
        return List.of(Arrays.stream(values())
                .filter(each -> each.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no stress test \"" + name + "\": use all, "
                        + Arrays.stream(values()).map(StressTest::toString).collect(Collectors.joining(", ")))));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
