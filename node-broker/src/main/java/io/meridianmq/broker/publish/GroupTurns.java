package io.meridianmq.broker.publish;

import io.meridianmq.core.session.Subscription;
import io.meridianmq.topic.SharedGroup;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is in each shared subscription: one member after the other, those with a connection first.
 * (MQTT 5, section 4.8.2)
 *
 * <p>Belongs to one thread; each thread keeps turns of its own. Counters are shared by groups whose hashes fall together,
 * which makes turns less even and nothing else.
 */
final class GroupTurns {

    private static final int COUNTERS = 256;

    private final int[] counters = new int[COUNTERS];

    /** The member to serve, or null if there is none. */
    @Nullable
    Subscription choose(SharedGroup<Subscription> group) {
        var members = group.members();
        var count = members.size();
        if (count == 0) {
            return null;
        }
        var turn = counters[group.filter().hashCode() & (COUNTERS - 1)]++;
        Subscription waiting = null;
        for (var i = 0; i < count; i++) {
            var candidate = members.get(Math.floorMod(turn + i, count));
            if (candidate.session().isConnected()) {
                return candidate;
            }
            if (waiting == null && !candidate.session().isEnded()) {
                waiting = candidate;
            }
        }
        return waiting;
    }
}
