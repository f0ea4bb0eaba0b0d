package io.meridianmq.core.mesh;

import io.meridianmq.core.lane.LaneReceivers;
import io.meridianmq.core.link.LaneKey;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Counts, for each publication that a lane brought and that was passed on, the lanes that still hold it. When none does,
 * the lane that brought it hears that it is settled.
 *
 * <p>Entries live in arrays and are addressed by a lane token. Owned by the thread that drives the node.
 */
final class Settlements {

    private final LaneReceivers incoming;
    private @Nullable LaneKey[] lanes = new @Nullable LaneKey[64];
    private long[] numbers = new long[64];
    private int[] holding = new int[64];
    private int[] free = new int[64];
    private int freeCount;
    private int used;

    Settlements(LaneReceivers incoming) {
        this.incoming = incoming;
    }

    /** Starts to wait for {@code lanes} releases, at least one, of what this lane brought, and returns the token to give them. */
    int open(LaneKey lane, long number, int lanes) {
        var token = freeCount > 0 ? free[--freeCount] : used++;
        if (token == holding.length) {
            this.lanes = Arrays.copyOf(this.lanes, token * 2);
            numbers = Arrays.copyOf(numbers, token * 2);
            holding = Arrays.copyOf(holding, token * 2);
        }
        this.lanes[token] = lane;
        numbers[token] = number;
        holding[token] = lanes;
        return token;
    }

    /** One lane holds it no longer. */
    void released(int token) {
        assert holding[token] > 0 : "token " + token + " is not waiting";
        if (--holding[token] > 0) {
            return;
        }
        incoming.onSettled(Objects.requireNonNull(lanes[token], "an open token has its lane"), numbers[token]);
        lanes[token] = null;
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, freeCount * 2);
        }
        free[freeCount++] = token;
    }

    /** Publications that are waited for. */
    int open() {
        return used - freeCount;
    }
}
