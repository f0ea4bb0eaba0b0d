package io.meridianmq.cli.load;

import java.util.random.RandomGenerator;

/**
 * Something that a device measures, and how it changes from one reading to the next.
 *
 * @param decimals digits behind the point in a reading
 * @param step how far it drifts from one reading to the next, usually
 * @param isCounter whether it only grows, and starts again at {@code min} when it has reached {@code max}
 */
record Quantity(String name, int decimals, double min, double max, double step, boolean isCounter) {

    static Quantity drifting(String name, int decimals, double min, double max, double step) {
        return new Quantity(name, decimals, min, max, step, false);
    }

    static Quantity counting(String name, int decimals, double min, double max, double step) {
        return new Quantity(name, decimals, min, max, step, true);
    }

    double first(RandomGenerator random) {
        return random.nextDouble(min, max);
    }

    /** The next value; it turns back at its limits. */
    double next(double value, RandomGenerator random) {
        if (isCounter) {
            var counted = value + Math.abs(random.nextGaussian()) * step;
            return counted > max ? min : counted;
        }
        var drifted = value + random.nextGaussian() * step;
        if (drifted > max) {
            return Math.max(min, 2 * max - drifted);
        }
        return drifted < min ? Math.min(max, 2 * min - drifted) : drifted;
    }
}
