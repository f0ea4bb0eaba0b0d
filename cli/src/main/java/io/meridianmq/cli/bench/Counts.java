package io.meridianmq.cli.bench;

import io.meridianmq.cli.bench.account.Latencies;
import java.util.ArrayList;
import java.util.List;

/**
 * What loops have counted since they began.
 *
 * @param received different messages, each subscriber's
 * @param broken connections that ended without being asked to
 * @param givenUp messages that a closed loop stopped to wait for
 * @param lastNanos when something was read last, {@link System#nanoTime}
 * @param latencies since they were forgotten last; not to be changed
 * @param troubles the first reasons of what is broken
 */
record Counts(
        long sent,
        long received,
        long repeated,
        long reordered,
        long broken,
        long givenUp,
        long lastNanos,
        Latencies latencies,
        List<String> troubles) {

    Counts {
        troubles = List.copyOf(troubles);
    }

    /** @param parts at least one */
    static Counts sum(List<Counts> parts) {
        return parts.stream().reduce(Counts::plus).orElseThrow();
    }

    private Counts plus(Counts other) {
        var bothLatencies = latencies.copy();
        bothLatencies.add(other.latencies);
        var bothTroubles = new ArrayList<>(troubles);
        bothTroubles.addAll(other.troubles);
        return new Counts(
                sent + other.sent,
                received + other.received,
                repeated + other.repeated,
                reordered + other.reordered,
                broken + other.broken,
                givenUp + other.givenUp,
                Math.max(lastNanos, other.lastNanos),
                bothLatencies,
                bothTroubles);
    }

    /**
     * The checks that failed.
     *
     * @param lost messages that have not come
     */
    List<String> failures(long lost) {
        var failures = new ArrayList<String>();
        if (lost > 0) {
            failures.add("%,d messages were lost".formatted(lost));
        }
        if (repeated > 0) {
            failures.add("%,d messages came more than once".formatted(repeated));
        }
        if (reordered > 0) {
            failures.add("%,d messages were overtaken by later ones of their publisher".formatted(reordered));
        }
        if (broken > 0) {
            failures.add("%,d connections were broken: %s".formatted(broken, String.join("; ", troubles)));
        }
        return failures;
    }
}
