package io.meridianmq.core.claim;

import io.meridianmq.core.publication.Will;
import org.jspecify.annotations.Nullable;

/**
 * The claims of all slots that a node owns: how many there are, what their wills take, and when there is something to do for
 * those whose clients are away. Belongs to {@link ClaimOwner}.
 */
final class HeldClaims {

    private final Fronts fronts;
    private final ClaimTimers timers = new ClaimTimers();
    private int count;
    private long willBytes;

    HeldClaims(Fronts fronts) {
        this.fronts = fronts;
    }

    int count() {
        return count;
    }

    /** Those whose clients are away, if there will be something to do for them. */
    int timed() {
        return timers.size();
    }

    long willBytes() {
        return willBytes;
    }

    void add(Claim claim, long nowNanos) {
        fronts.meet(claim.front, nowNanos);
        if (claim.home != null) {
            fronts.meet(claim.home, nowNanos);
        }
        counted(claim, 1);
        timers.add(claim);
    }

    void discard(Claim claim) {
        timers.remove(claim);
        counted(claim, -1);
    }

    /** There may be something to do for the claim in time, since its client is away or its will is gone. */
    void time(Claim claim) {
        timers.add(claim);
    }

    /** Takes out the claim whose time came first, if it has come, else null. */
    @Nullable
    Claim pollDue(long nowNanos) {
        return timers.poll(nowNanos);
    }

    void will(Claim claim, @Nullable Will will) {
        willBytes -= claim.willBytes();
        claim.will = will;
        willBytes += claim.willBytes();
    }

    private void counted(Claim claim, int change) {
        count += change;
        willBytes += (long) change * claim.willBytes();
    }
}
