package io.meridianmq.core.mesh;

import io.meridianmq.core.claim.FrontFigures;
import io.meridianmq.core.claim.OwnerFigures;

/**
 * A node's claims in numbers.
 *
 * @param copies copies of others' slots that it keeps
 * @param copiedClaims claims in them
 * @param copiesRefused what was said about copies by those who do not own the slots, since the start
 */
public record ClaimFigures(FrontFigures front, OwnerFigures owner, int copies, int copiedClaims, long copiesRefused) {

    /** Of a node that has just started. */
    public static final ClaimFigures NOTHING_YET = new ClaimFigures(
            new FrontFigures(0, 0, 0, 0, 0, 0, 0),
            new OwnerFigures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
            0,
            0,
            0);
}
