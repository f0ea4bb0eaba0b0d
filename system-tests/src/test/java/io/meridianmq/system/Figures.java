package io.meridianmq.system;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;

/** What the tests have measured, printed as one block when those on one platform have run. */
final class Figures {

    private static final List<String> LINES = new CopyOnWriteArrayList<>();

    private Figures() {}

    static void add(String what, String figure) {
        LINES.add("%-50s %s".formatted(what, figure));
    }

    /** Adds the median, the 99th percentile and the largest of these times. */
    static void addTimes(String what, long[] nanos) {
        add(
                what,
                "p50 %.1f ms, p99 %.1f ms, max %.1f ms (%d samples)"
                        .formatted(
                                percentileMillis(nanos, 50),
                                percentileMillis(nanos, 99),
                                percentileMillis(nanos, 100),
                                nanos.length));
    }

    static double percentileMillis(long[] nanos, int percent) {
        var sorted = LongStream.of(nanos).sorted().toArray();
        var rank = (int) Math.ceil(sorted.length * percent / 100.0);
        return sorted[Math.max(rank, 1) - 1] / 1e6;
    }

    /** Prints what was added since the last time. */
    static void print() {
        System.out.println("=== measured by the system tests ===");
        LINES.forEach(System.out::println);
        LINES.clear();
        System.out.println("=== end of what was measured ===");
    }
}
