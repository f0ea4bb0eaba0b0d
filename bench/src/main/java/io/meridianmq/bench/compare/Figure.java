package io.meridianmq.bench.compare;

import java.util.Arrays;
import java.util.Locale;

/**
 * The same figure of several rounds.
 *
 * @param median of them; {@link Double#NaN} if there is none
 * @param least the smallest
 * @param most the largest
 */
record Figure(double median, double least, double most) {

    /** From which spread on, as a share of the median, the median alone says too little. */
    private static final double SPREAD_MAX = 0.2;

    private static final double WHOLE_FROM = 100;

    static Figure of(double[] values) {
        var sorted = Arrays.stream(values)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        if (sorted.length == 0) {
            return new Figure(Double.NaN, Double.NaN, Double.NaN);
        }
        var middle = sorted.length / 2;
        var median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Figure(median, sorted[0], sorted[sorted.length - 1]);
    }

    boolean isKnown() {
        return !Double.isNaN(median);
    }

    /** Whether the rounds differ by more than a fifth of the median. */
    boolean isRange() {
        return most - least > SPREAD_MAX * median;
    }

    /** The median, and the range if the rounds differ much. */
    @Override
    public String toString() {
        if (!isKnown()) {
            return "-";
        }
        return isRange() ? "%s (%s to %s)".formatted(text(median), text(least), text(most)) : text(median);
    }

    static String text(double value) {
        return String.format(Locale.ROOT, value >= WHOLE_FROM ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }
}
