package io.meridianmq.core.digest;

import io.meridianmq.core.interest.EntryListener;
import io.meridianmq.core.interest.GroupPresence;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.place.Reach;
import io.meridianmq.digest.DigestBuilder;
import io.meridianmq.digest.DigestGroup;
import io.meridianmq.digest.DigestOutcome;
import io.meridianmq.digest.DigestPosition;
import io.meridianmq.digest.DigestSettings;
import io.meridianmq.digest.DigestSnapshot;
import io.meridianmq.digest.DigestUpdate;
import io.meridianmq.digest.LiteralSource;
import io.meridianmq.topic.TopicFilter;
import java.util.Optional;

/**
 * The digest of what is wanted below a gateway and may leave it: follows the gateway's exact table, as its listener.
 *
 * <p>Owned by the table's writer.
 */
public final class OwnDigest implements EntryListener, DigestTeller.Source {

    private final Place origin;
    private final DigestBuilder builder;
    private long nowNanos;
    private long refused;

    /**
     * @param origin the gateway's place
     * @param boot the gateway's boot number
     * @param literals the literal filters of the table that leave the place; empty now
     */
    public OwnDigest(Place origin, long boot, LiteralSource literals) {
        this.origin = origin;
        this.builder = new DigestBuilder(DigestSettings.DEFAULT, literals, boot);
    }

    @Override
    public Place origin() {
        return origin;
    }

    @Override
    public DigestPosition position() {
        return builder.position();
    }

    @Override
    public Optional<DigestSnapshot> snapshot() {
        return Optional.of(builder.snapshot());
    }

    /** Changes of the table that follow happen at this time. */
    public void at(long nowNanos) {
        this.nowNanos = nowNanos;
    }

    /** What there is to send now; call again until empty. */
    Optional<DigestUpdate> poll(long nowNanos) {
        return builder.poll(nowNanos);
    }

    /** Filters and shared subscriptions that the digest had no room for, so that others do not know of them. */
    public long refused() {
        return refused;
    }

    @Override
    public void literal(long hash, Reach before, Reach after) {
        if (before == Reach.NODE) {
            builder.addLiteral(hash, nowNanos);
        } else if (after == Reach.NODE) {
            builder.removeLiteral();
        }
    }

    @Override
    public void wildcard(TopicFilter filter, Reach before, Reach after) {
        if (before == Reach.NODE) {
            count(builder.addWildcard(filter, nowNanos));
        } else if (after == Reach.NODE) {
            count(builder.removeWildcard(filter, nowNanos));
        }
    }

    @Override
    public void group(String group, TopicFilter filter, GroupPresence before, GroupPresence after) {
        var shared = TopicFilter.of("$share/" + group + "/" + filter.filter());
        if (after == GroupPresence.ABSENT) {
            count(builder.removeGroup(shared, nowNanos));
        } else {
            count(builder.putGroup(new DigestGroup(shared, after == GroupPresence.ONLINE), nowNanos));
        }
    }

    private void count(DigestOutcome outcome) {
        if (outcome == DigestOutcome.REFUSED) {
            refused++;
        }
    }
}
