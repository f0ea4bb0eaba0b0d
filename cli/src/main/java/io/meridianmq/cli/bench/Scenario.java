package io.meridianmq.cli.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What can be measured, each with what it has if nothing else is asked for. */
enum Scenario {
    /** Many publishers, one subscriber. */
    FAN_IN(50, 1, 16),
    /** One publisher, many subscribers. */
    FAN_OUT(1, 1_000, 8),
    /** Each publisher has one subscriber of its own. */
    PAIRS(100, 100, 16),
    /** Publishers whose messages are shared out among the members of one group. */
    SHARED(10, 10, 16),
    /** Retained messages are put, looked up with a wildcard, and cleared. */
    RETAINED(1, 10, 16),
    /** Clients that connect, as many as can. */
    CONNECT_STORM(0, 0, 100),
    /** Clients that are connected and do nothing. */
    IDLE(0, 0, 100),
    /** Clients that subscribe, unsubscribe, leave and come again, and pairs that go on meanwhile. */
    CHURN(10, 100, 4),
    /** Fan-out to subscribers of which some do not read. */
    SLOW_CONSUMERS(1, 100, 8),
    /** Pairs whose subscribers are at another broker. */
    CROSS_REGION(10, 10, 4),
    /** Subscriptions at another broker, until messages reach them. */
    REACH(10, 10, 1);

    private final int publishers;
    private final int subscribers;
    private final int window;

    Scenario(int publishers, int subscribers, int window) {
        this.publishers = publishers;
        this.subscribers = subscribers;
        this.window = window;
    }

    int publishers() {
        return publishers;
    }

    int subscribers() {
        return subscribers;
    }

    int window() {
        return window;
    }

    /** Whether each publisher has one subscriber, so that there are as many of these as of those. */
    boolean isPaired() {
        return this == PAIRS || this == CROSS_REGION || this == REACH;
    }

    /** Whether something can be done at a rate: publishes, or in {@code reach} subscriptions. */
    boolean hasRate() {
        return switch (this) {
            case FAN_IN, FAN_OUT, PAIRS, SHARED, CHURN, SLOW_CONSUMERS, CROSS_REGION, REACH -> true;
            case RETAINED, CONNECT_STORM, IDLE -> false;
        };
    }

    /**
     * Reads a name as {@link #toString} writes it.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    static Scenario parse(String name) {
        return Arrays.stream(values())
                .filter(each -> each.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no scenario \"" + name + "\": use "
                        + Arrays.stream(values()).map(Scenario::toString).collect(Collectors.joining(", "))));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
