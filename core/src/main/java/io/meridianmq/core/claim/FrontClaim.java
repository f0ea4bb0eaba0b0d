package io.meridianmq.core.claim;

import io.meridianmq.core.link.ClaimMessage.Ending;
import io.meridianmq.core.link.ClaimRecord;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.publication.Will;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a front knows of one connection of a client, from CONNECT until the owner of its slot knows of its end.
 *
 * <pre>
 *   WAITING ------> OPENING ------> OPEN ------> CLOSING
 *   behind one      asking          granted      telling the
 *   that is         the owner                    owner
 *   CLOSING
 * </pre>
 *
 * <p>A client has one of them, or several while one takes over from another: each knows the {@link #earlier} one. Behind
 * one that is OPENING there may be one that is OPEN or CLOSING; behind one that is WAITING there is one that is
 * CLOSING, and the rest. Belongs to {@link ClaimFront}.
 */
final class FrontClaim {

    enum State {
        WAITING,
        OPENING,
        OPEN,
        CLOSING
    }

    final String clientId;
    final long token;
    final boolean cleanStart;
    State state = State.OPENING;
    /** Null when it is over. */
    @Nullable
    ClaimedConnection connection;

    @Nullable
    FrontClaim earlier;

    ConnectionNumber number = ConnectionNumber.NONE;
    /** The node with the session, if that outlives the connection. */
    Optional<Incarnation> home = Optional.empty();

    /** Unsigned. */
    private int expirySeconds;

    @Nullable
    Will will;

    Ending ending = Ending.LOST;
    /** When the open was asked for; when the connection ended. */
    long sinceNanos;
    /** Whether the owner has still to answer whether it opens; also when that is not wanted any more. */
    boolean unanswered = true;
    /** Whether the owner has been asked: it may know of it. */
    boolean said;
    /** Whether it stands in the queue of what is said again. */
    boolean queued;

    FrontClaim(
            String clientId,
            long token,
            boolean cleanStart,
            long expirySeconds,
            @Nullable Will will,
            @Nullable ClaimedConnection connection,
            long nowNanos) {
        this.clientId = clientId;
        this.token = token;
        this.cleanStart = cleanStart;
        this.expirySeconds = (int) expirySeconds;
        this.will = will;
        this.connection = connection;
        this.sinceNanos = nowNanos;
    }

    /** How long the session outlives the connection: seconds, in 0..4294967295. */
    long expirySeconds() {
        return Integer.toUnsignedLong(expirySeconds);
    }

    void expirySeconds(long seconds) {
        expirySeconds = (int) seconds;
    }

    /** Whether an owner granted it: else nobody but this front knows for certain that there was such a connection. */
    boolean wasGranted() {
        return !number.equals(ConnectionNumber.NONE);
    }

    /** One whose end the owner has not confirmed is told as connected: that end is still to be told. */
    ClaimRecord record(Incarnation self) {
        return new ClaimRecord(
                clientId,
                number,
                self,
                home,
                token,
                home.isPresent(),
                false,
                expirySeconds(),
                Optional.ofNullable(will),
                ClaimRecord.CONNECTED);
    }
}
