package io.meridianmq.core.interest;

/** The seed of a random test: that of the system property {@code meridian.seed}, or the test's own. */
final class Seeds {

    private Seeds() {}

    static long orElse(long fallback) {
        var given = System.getProperty("meridian.seed", "");
        return given.isEmpty() ? fallback : Long.parseLong(given);
    }

    static String message(long seed) {
        return "seed " + seed + " (run again with -Dmeridian.seed=" + seed + ")";
    }
}
