package io.meridianmq.retained.store;

import java.time.Duration;

/**
 * When a commit reaches the disk itself. In every mode a commit that was reported survives the end of the process, {@code
 * kill -9} included; the modes differ in what a loss of power or a crash of the operating system takes along.
 *
 * @param sync when to force commits to disk
 * @param interval with {@link Sync#INTERVAL}: longest time between a commit and its reaching the disk
 */
public record Durability(Sync sync, Duration interval) {

    /** Up to 10 ms of reported commits are lost with the power. */
    public static final Durability DEFAULT = new Durability(Sync.INTERVAL, Duration.ofMillis(10));

    /** When to force commits to disk. */
    public enum Sync {
        /** Some time after the commit was reported: bounded loss, no waiting. */
        INTERVAL,
        /** Before a commit is reported: no loss, each group of commits waits for the disk. */
        ALWAYS,
        /** When the operating system does by itself: typically within 30 s. */
        OS
    }

    public Durability {
        if (sync == Sync.INTERVAL && !interval.isPositive()) {
            throw new IllegalArgumentException("durability.sync: interval must be longer than zero, not " + interval
                    + "; use \"always\" to sync before every answer");
        }
    }

    public static Durability always() {
        return new Durability(Sync.ALWAYS, Duration.ZERO);
    }

    public static Durability os() {
        return new Durability(Sync.OS, Duration.ZERO);
    }
}
