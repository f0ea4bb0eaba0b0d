package io.meridianmq.broker.codec;

/** The seed of the property tests: system property {@code meridian.seed}, or a fixed one. */
final class Seed {

    static final long VALUE = Long.getLong("meridian.seed", 20_190_307L);

    private Seed() {}
}
