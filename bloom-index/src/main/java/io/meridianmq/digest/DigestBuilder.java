package io.meridianmq.digest;

import io.meridianmq.topic.TopicFilter;
import io.meridianmq.topic.TopicFilter.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The sending side of a digest: summarises the filters (or client ids) of a place for those outside it.
 *
 * <p>Literals are keys in a Bloom filter with 1% false positives, filters with wildcards are carried exactly as far as
 * there is room, shared subscriptions always. Changes leave as deltas; a key cannot be taken out of a Bloom filter, so
 * when more than a fifth of a generation is stale, or it is full, a new one is built aside and leaves as a snapshot, while
 * deltas go on that apply to both.
 *
 * <p>One thread owns it; nothing here blocks, and time comes in as an argument, in nanoseconds of any origin. The owner
 * calls {@link #poll} until it is empty whenever {@link #nextPollNanos} has come and after changes, and sends what it
 * gives to every receiver in order; a new receiver, or one that fell out of step, first gets {@link #snapshot}.
 *
 * <p><b>Sets, not counts.</b> The owner keeps the exact table with the holders of each filter, and tells the builder only
 * of first holders that come and last holders that go. The builder keeps no literal: it reads the owner's table again for
 * each generation, {@link DigestSettings#rebuildStep} keys at a poll, at most every millisecond: 10 million take 1,000
 * polls of about 2 ms. The poll that completes a generation also copies its bits (50 ms or so at 10 million).
 */
public final class DigestBuilder {

    /** A little below the 1% that is promised: asked for 1%, a full Guava filter was measured at 1.004%. */
    private static final double LITERAL_FALSE_POSITIVES = 0.0099;

    /** After a quiet period a delta waits this long for more changes. */
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /** Under churn deltas are this far apart on average. */
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** So many deltas may leave one after the other before that, so that a few changes a second apart need not wait. */
    private static final int BURST = 5;

    private static final long REBUILD_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int BOOT_SHIFT = 20;

    /** What {@link #nextPollNanos} gives when nothing is due until something changes. */
    public static final long NEVER = Long.MAX_VALUE;

    /** A generation being built: the keys the cursor has passed, and all that came since it started. */
    private record Rebuild(CountedBloom literals, PrimitiveIterator.OfLong cursor) {}

    private final DigestSettings settings;
    private final LiteralSource source;
    private final PendingDelta pending = new PendingDelta();
    private final WildcardSummary wildcards;
    private final Map<TopicFilter, DigestGroup> groups = new LinkedHashMap<>();

    private long generation;
    private long version;
    private long literalCount;
    private CountedBloom literals;
    private @Nullable Rebuild rebuild;
    private long dueNanos = NEVER;
    private long lastPollNanos;
    /** Every delta pays for one interval; this is how far those sent have paid. */
    private long paidUntilNanos;

    private boolean hasSentDelta;

    /**
     * @param source the owner's exact table; empty now
     * @param boot greater than at any earlier start of this place, so that receivers tell this digest from that of an
     *     earlier process: milliseconds of the wall clock will do; at most 2^43
     */
    public DigestBuilder(DigestSettings settings, LiteralSource source, long boot) {
        if (boot <= 0 || boot >= 1L << (Long.SIZE - 1 - BOOT_SHIFT)) {
            throw new IllegalArgumentException("boot is " + boot + ": expected a positive number below 2^43");
        }
        this.settings = settings;
        this.source = source;
        this.generation = boot << BOOT_SHIFT;
        this.version = boot << BOOT_SHIFT;
        this.literals = newLiterals();
        this.wildcards = new WildcardSummary(settings.wildcardsMax(), pending, WildcardSummary.newBloom(0));
    }

    /** The first holder of a literal came. Its key is {@code TopicHash.ofLiteral} of a filter or client id. */
    public void addLiteral(long key, long nowNanos) {
        literalCount++;
        literals.add(key);
        if (rebuild != null) {
            rebuild.literals.add(key);
        }
        pending.addLiteral(key);
        changed(nowNanos);
    }

    /** The last holder of a literal went. Nothing is sent; the summary stays too wide until its next generation. */
    public void removeLiteral() {
        literalCount--;
        literals.remove();
        if (rebuild != null) {
            rebuild.literals.remove();
        }
    }

    /**
     * The first holder of a filter with wildcards came.
     *
     * @return REFUSED if it has no literal prefix and there are already {@link DigestSettings#wildcardsMax} like it
     */
    public DigestOutcome addWildcard(TopicFilter filter, long nowNanos) {
        requireWildcard(filter);
        var outcome = wildcards.add(filter);
        if (outcome == DigestOutcome.CHANGED) {
            changed(nowNanos);
        }
        return outcome;
    }

    /** The last holder of a filter with wildcards went. */
    public DigestOutcome removeWildcard(TopicFilter filter, long nowNanos) {
        requireWildcard(filter);
        var outcome = wildcards.remove(filter);
        if (outcome == DigestOutcome.CHANGED) {
            changed(nowNanos);
        }
        return outcome;
    }

    /**
     * A shared subscription is new, or its members came online or went away.
     *
     * @return REFUSED if it is new and there are already {@link DigestSettings#groupsMax}
     */
    public DigestOutcome putGroup(DigestGroup group, long nowNanos) {
        var before = groups.get(group.filter());
        if (group.equals(before)) {
            return DigestOutcome.UNCHANGED;
        }
        if (before == null && groups.size() >= settings.groupsMax()) {
            return DigestOutcome.REFUSED;
        }
        groups.put(group.filter(), group);
        pending.changeGroup(group);
        changed(nowNanos);
        return DigestOutcome.CHANGED;
    }

    /** The last member of a shared subscription went. */
    public DigestOutcome removeGroup(TopicFilter filter, long nowNanos) {
        if (groups.remove(filter) == null) {
            return DigestOutcome.UNCHANGED;
        }
        pending.removeGroup(filter);
        changed(nowNanos);
        return DigestOutcome.CHANGED;
    }

    /**
     * What is to be sent now: a delta, or the snapshot of a new generation. Also goes on building one, by a bounded step.
     * Call again until empty.
     */
    public Optional<DigestUpdate> poll(long nowNanos) {
        var stepIsDue = rebuild != null && nowNanos - lastPollNanos >= REBUILD_INTERVAL_NANOS;
        if (stepIsDue) {
            step();
        }
        if (stepIsDue || rebuild == null) {
            lastPollNanos = nowNanos;
        }
        if (dueNanos != NEVER && nowNanos - dueNanos >= 0) {
            return Optional.of(delta(nowNanos));
        }
        if (rebuild == null && (literals.isWorn() || wildcards.isWorn())) {
            rebuild = new Rebuild(newLiterals(), source.iterator());
        }
        // A snapshot stands at a version, so what is pending goes first.
        if (rebuild != null && !rebuild.cursor.hasNext() && pending.isEmpty()) {
            literals = rebuild.literals;
            rebuild = null;
            wildcards.renew();
            generation++;
            return Optional.of(snapshot());
        }
        return Optional.empty();
    }

    /** When {@link #poll} will have something to do if nothing changes until then; {@link #NEVER} if nothing. */
    public long nextPollNanos() {
        if (rebuild == null || (!rebuild.cursor.hasNext() && dueNanos != NEVER)) {
            return dueNanos;
        }
        var step = lastPollNanos + REBUILD_INTERVAL_NANOS;
        return dueNanos != NEVER && dueNanos - step < 0 ? dueNanos : step;
    }

    /**
     * Everything, for a receiver that is new or out of step; updates polled from now on continue it. Copies the bits: 50 ms
     * or so at 10 million literals.
     */
    public DigestSnapshot snapshot() {
        return new DigestSnapshot(
                generation,
                version,
                literals.bits(),
                wildcards.overflowBloom().bits(),
                wildcards.carried(),
                List.copyOf(groups.values()));
    }

    /** The present generation and the version of the last delta. */
    public DigestPosition position() {
        return new DigestPosition(generation, version);
    }

    /** How many literals there are. */
    public long literalCount() {
        return literalCount;
    }

    private void changed(long nowNanos) {
        if (dueNanos != NEVER || pending.isEmpty()) {
            return;
        }
        var gathered = nowNanos + GATHER_NANOS;
        var spaced = paidUntilNanos - (BURST - 1) * INTERVAL_NANOS;
        dueNanos = hasSentDelta && spaced - gathered > 0 ? spaced : gathered;
    }

    private DigestDelta delta(long nowNanos) {
        var from = version++;
        var delta = pending.take(generation, from, version, settings.deltaEntriesMax());
        // What did not fit follows at once.
        dueNanos = pending.isEmpty() ? NEVER : nowNanos;
        var paidFrom = hasSentDelta && paidUntilNanos - nowNanos > 0 ? paidUntilNanos : nowNanos;
        paidUntilNanos = paidFrom + INTERVAL_NANOS;
        hasSentDelta = true;
        return delta;
    }

    private void step() {
        var building = rebuild;
        for (var left = settings.rebuildStep(); left > 0 && building != null && building.cursor.hasNext(); left--) {
            building.literals.add(building.cursor.nextLong());
        }
    }

    private CountedBloom newLiterals() {
        var room = Math.max(settings.literalsMin(), literalCount + literalCount * settings.headroomPercent() / 100);
        return new CountedBloom(room, LITERAL_FALSE_POSITIVES);
    }

    private static void requireWildcard(TopicFilter filter) {
        if (filter.isShared() || filter.shape() == Shape.LITERAL) {
            throw new IllegalArgumentException(
                    filter + " is no plain filter with wildcards: literals go in by key, shared filters as groups");
        }
    }
}
