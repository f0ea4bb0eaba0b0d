package io.meridianmq.core.session;

import com.google.common.primitives.ImmutableLongArray;

/**
 * How far a durable session has come with its messages, which are numbered from 1 by their positions: of those up to a
 * position, all are done but some.
 *
 * @param passedUpTo the highest position that was sent, or left out
 * @param sent positions up to there that were sent and are not acknowledged, ascending
 * @param received positions up to there of QoS 2 messages that the client has received and not completed, ascending
 */
public record SessionProgress(long passedUpTo, ImmutableLongArray sent, ImmutableLongArray received) {

    /** That of a session which was not sent anything yet. */
    public static final SessionProgress NONE = new SessionProgress(0, ImmutableLongArray.of(), ImmutableLongArray.of());

    /** Whether a message at this position has yet to be brought to the client. */
    public boolean isOwed(long position) {
        return position > passedUpTo || sent.contains(position);
    }
}
