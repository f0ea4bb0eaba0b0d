package io.meridianmq.simulation;

import java.util.List;

/**
 * How one seed went.
 *
 * @param seed gives the same run again
 * @param violations empty if everything held
 * @param published publications in all
 * @param delivered deliveries to subscribers in all
 * @param frames frames sent on links
 * @param framesLost of these, lost on the way
 * @param resends lane frames sent again
 * @param cuts links cut
 * @param restarts components killed and started again
 */
public record Result(
        long seed,
        List<Violation> violations,
        long published,
        long delivered,
        long frames,
        long framesLost,
        long resends,
        int cuts,
        int restarts) {

    public Result {
        violations = List.copyOf(violations);
    }

    /** Whether everything held. */
    public boolean held() {
        return violations.isEmpty();
    }
}
