package io.meridianmq.core.claim;

import java.time.Duration;

/**
 * Limits and times of a node's part in opens and claims.
 *
 * @param repeatAfter how long an answer is waited for before the same is said again
 * @param unreachableAfter how long a slot's owner is not heard of before the front gives up its clients, and what waits
 *     for it; longer than any failover takes
 * @param gatherMax how long a new owner without a complete copy waits for the fronts to announce what they have
 * @param strangerAfter how long a front that no view has shown yet is believed in
 * @param openingMax opens that one front waits for; one more is refused
 * @param claimsMax claims that one node owns; one more is refused
 * @param willBytesMax bytes of the wills in them; beyond it a client with a will is refused
 * @param willSizeMax bytes of one will; a larger one is refused
 * @param heldMax effects of one slot that wait for a copy; one more open is refused
 * @param evictionsMax earlier connections whose end is waited for; beyond it the oldest is waited for no longer
 * @param willsUnderWayMax wills that are being published at once; others wait
 * @param copyWindow entries of one copy that are under way
 * @param copyBehindMax entries that wait for one copy, beyond which it is filled anew
 * @param fillsMax copies that are filled at once; others wait
 */
public record ClaimSettings(
        Duration repeatAfter,
        Duration unreachableAfter,
        Duration gatherMax,
        Duration strangerAfter,
        int openingMax,
        int claimsMax,
        long willBytesMax,
        int willSizeMax,
        int heldMax,
        int evictionsMax,
        int willsUnderWayMax,
        int copyWindow,
        int copyBehindMax,
        int fillsMax) {

    /** Repeats after 250 ms, gives up after 10 s; 10,000 opens, 1,000,000 claims, 256 MiB of wills of 256 KiB at most. */
    public static final ClaimSettings DEFAULT = new ClaimSettings(
            Duration.ofMillis(250),
            Duration.ofSeconds(10),
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            10_000,
            1_000_000,
            256L << 20,
            256 << 10,
            4_096,
            100_000,
            256,
            64,
            4_096,
            64);

    private static final int REPEAT_DOUBLINGS_MAX = 3;

    /**
     * How long an answer is waited for that no client waits for: twice as long after each repetition, up to eight times,
     * since whoever does not answer may have more than enough to do.
     */
    long repeatAfterNanos(int repeats) {
        return repeatAfter.toNanos() << Math.min(repeats, REPEAT_DOUBLINGS_MAX);
    }
}
