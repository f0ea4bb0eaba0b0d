package io.meridianmq.broker.limit;

/**
 * A rate, with a second's worth as what may come at once. What is taken beyond that is owed, and holds up what comes
 * after. Times are readings of one monotonic clock. For one thread at a time.
 *
 * <p>This is the generic cell rate algorithm (ITU-T I.371) with a debt: one number, the time at which all that was taken is
 * paid for.
 */
public final class Allowance {

    private static final long SECOND_NANOS = 1_000_000_000;

    private final double nanosPerUnit;
    private long paidAtNanos;

    /** An allowance of which nothing has been taken. */
    public Allowance(long perSecond, long nowNanos) {
        if (perSecond <= 0) {
            throw new IllegalArgumentException("a rate is above 0: " + perSecond);
        }
        this.nanosPerUnit = (double) SECOND_NANOS / perSecond;
        this.paidAtNanos = nowNanos - SECOND_NANOS;
    }

    /** Takes one if that leaves no debt. */
    public boolean tryTake(long nowNanos) {
        var paidAfter = Math.max(0, paidAtNanos - (nowNanos - SECOND_NANOS)) + nanosPerUnit;
        if (paidAfter > SECOND_NANOS) {
            return false;
        }
        paidAtNanos = nowNanos - SECOND_NANOS + (long) paidAfter;
        return true;
    }

    /** Takes so many, whatever that leaves. */
    public void take(long units, long nowNanos) {
        var unspent = nowNanos - SECOND_NANOS; // Nothing is saved up for longer than a second.
        paidAtNanos = Math.max(0, paidAtNanos - unspent) + unspent + (long) (units * nanosPerUnit);
    }

    /** Nanoseconds until nothing is owed; 0 if nothing is. */
    public long debtNanos(long nowNanos) {
        return Math.max(0, paidAtNanos - nowNanos);
    }
}
