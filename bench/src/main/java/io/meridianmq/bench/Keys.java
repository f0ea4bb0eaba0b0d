package io.meridianmq.bench;

/** Keys as well spread as those of topics (SplitMix64), without as many topics. */
final class Keys {

    private Keys() {}

    static long of(long i) {
        var z = (i + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
