package io.meridianmq.core.claim;

import io.meridianmq.core.link.ClaimRecord;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.publication.Will;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What an owner or a copy knows of one client. There may be a million, so the fields are plain; {@link ClaimRecord} is the
 * form in which it travels. Belongs to the slot that has it.
 */
final class Claim {

    /** A Session Expiry Interval that never passes. [MQTT-3.1.2-23] */
    static final long NEVER_EXPIRES = 0xFFFF_FFFFL;

    final String clientId;
    Incarnation front;
    /** The node with the session; null if that ends with the connection. */
    @Nullable
    Incarnation home;

    long numberEpoch;
    long numberCounter;
    long token;
    /** Unsigned. */
    private int expirySeconds;

    boolean continued;
    /** Whether the messages of an earlier session are this one's, if it turns up. */
    boolean inherits;

    @Nullable
    Will will;
    /** Set while the client has no connection. */
    @Nullable
    Away away;
    /** In a copy the stream, at an owner the epoch that mentioned it last; which of several thousand is enough. */
    int mentioned;

    /** The time without a connection. */
    static final class Away {
        final long sinceNanos;
        /** When there is something to do; and the position in {@link ClaimTimers}, negative outside of it. */
        long dueNanos;

        int position = -1;

        Away(long sinceNanos) {
            this.sinceNanos = sinceNanos;
        }
    }

    Claim(String clientId, Incarnation front) {
        this.clientId = clientId;
        this.front = front;
    }

    static Claim of(ClaimRecord claimed, UnaryOperator<Incarnation> same, long nowNanos) {
        var claim = new Claim(claimed.clientId(), same.apply(claimed.front()));
        claim.home = claimed.home().map(same).orElse(null);
        claim.numberEpoch = claimed.number().epoch();
        claim.numberCounter = claimed.number().counter();
        claim.token = claimed.token();
        claim.expirySeconds(claimed.expirySeconds());
        claim.continued = claimed.continued();
        claim.inherits = claimed.inherits();
        claim.will = claimed.will().orElse(null);
        if (!claimed.isConnected()) {
            claim.away = new Away(nowNanos - TimeUnit.MILLISECONDS.toNanos(claimed.awayMillis()));
        }
        return claim;
    }

    ClaimRecord record(long nowNanos) {
        var awayMillis = away == null
                ? ClaimRecord.CONNECTED
                : Math.max(0, TimeUnit.NANOSECONDS.toMillis(nowNanos - away.sinceNanos));
        return new ClaimRecord(
                clientId,
                number(),
                front,
                Optional.ofNullable(home),
                token,
                continued,
                inherits,
                expirySeconds(),
                Optional.ofNullable(will),
                awayMillis);
    }

    /** How long the session outlives the connection: seconds, in 0..4294967295. */
    long expirySeconds() {
        return Integer.toUnsignedLong(expirySeconds);
    }

    void expirySeconds(long seconds) {
        expirySeconds = (int) seconds;
    }

    ConnectionNumber number() {
        return new ConnectionNumber(numberEpoch, numberCounter);
    }

    boolean hasNumber(ConnectionNumber number) {
        return number.epoch() == numberEpoch && number.counter() == numberCounter;
    }

    /** Whether the session outlives the connection, and so has a home. */
    boolean isDurable() {
        return home != null;
    }

    boolean isConnected() {
        return away == null;
    }

    /** Whether the session has waited for the client as long as it should. [MQTT-3.1.2-23] */
    boolean isExpired(long nowNanos) {
        return away != null
                && expirySeconds() != NEVER_EXPIRES
                && nowNanos - away.sinceNanos >= TimeUnit.SECONDS.toNanos(expirySeconds());
    }

    /** Whether the will has waited for the client as long as it should. [MQTT-3.1.2-8] */
    boolean isWillDue(long nowNanos) {
        return away != null
                && will != null
                && nowNanos - away.sinceNanos >= TimeUnit.SECONDS.toNanos(will.delaySeconds());
    }

    /** For how long after the connection's end there is nothing to do, in nanoseconds; negative for ever. */
    long quietNanos() {
        var expiry = expirySeconds() == NEVER_EXPIRES ? Long.MAX_VALUE : expirySeconds();
        var first = will == null ? expiry : Math.min(expiry, will.delaySeconds());
        return first == Long.MAX_VALUE ? -1 : TimeUnit.SECONDS.toNanos(first);
    }

    int willBytes() {
        return will == null ? 0 : will.message().sizeBytes();
    }
}
