package io.meridianmq.core.mesh;

import java.util.Arrays;

/**
 * Counts, for each publication on its way, the lanes that have yet to accept it.
 *
 * <p>Entries live in arrays and are addressed by a lane token, so that waiting for an acknowledgement allocates nothing.
 * A token is valid from {@link #open} until its count reaches zero. Owned by the thread that drives the node.
 */
final class Acceptances {

    private int[] waiting = new int[64];
    private long[] publishTokens = new long[64];
    private int[] free = new int[64];
    private int freeCount;
    private int used;

    /** Starts to wait for {@code lanes} acceptances, at least one, and returns the token to give to these lanes. */
    int open(long publishToken, int lanes) {
        var token = freeCount > 0 ? free[--freeCount] : used++;
        if (token == waiting.length) {
            waiting = Arrays.copyOf(waiting, token * 2);
            publishTokens = Arrays.copyOf(publishTokens, token * 2);
        }
        waiting[token] = lanes;
        publishTokens[token] = publishToken;
        return token;
    }

    /** One lane is done. Returns whether it was the last. */
    boolean done(int token) {
        assert waiting[token] > 0 : "token " + token + " is not waiting";
        return --waiting[token] == 0;
    }

    /** The publish that a token whose lanes are all done belongs to; the token may be used anew afterwards. */
    long close(int token) {
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, freeCount * 2);
        }
        free[freeCount++] = token;
        return publishTokens[token];
    }

    int open() {
        return used - freeCount;
    }
}
