package io.meridianmq.core.interest;

import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/**
 * Goes round a table's segments, a few at a time: sweeps entries of retired generations, and compares what is there with
 * what was put there. Writer only.
 */
final class Upkeep {

    private static final int SWEPT_PER_VISIT = 64;

    private final HolderSets sets;
    private final Generations generations;
    private final KeyedEntries literals;
    private final KeyedEntries prefixes;
    private final WildcardEntries wildcards;
    private final GroupEntries groups;
    private final Announcer announcer;
    private final IntPredicate isSwept = this::isSwept;

    /** The segment to visit next. */
    private int at;

    private long damages;

    Upkeep(
            HolderSets sets,
            Generations generations,
            KeyedEntries literals,
            KeyedEntries prefixes,
            WildcardEntries wildcards,
            GroupEntries groups,
            Announcer announcer) {
        this.sets = sets;
        this.generations = generations;
        this.literals = literals;
        this.prefixes = prefixes;
        this.wildcards = wildcards;
        this.groups = groups;
        this.announcer = announcer;
    }

    /** Visits the next segment; true if this ended a round. */
    boolean visit() {
        if (at == 0) {
            generations.beginRound();
        }
        verify(at);
        if (!generations.swept().isEmpty()) {
            sweep(at);
        }
        if (++at < FilterHashes.SEGMENTS) {
            return false;
        }
        at = 0;
        generations.endRound();
        return true;
    }

    /** How many segments were found damaged. */
    long damages() {
        return damages;
    }

    private void sweep(int segment) {
        literals.codes().forEach(segment, (key, code) -> {
            var after = sets.without(code, isSwept);
            if (after != code) {
                var before = Members.reach(sets, code);
                literals.replace(key, code, after);
                announcer.literal(key, before, Members.reach(sets, after));
            }
        });
        prefixes.codes().forEach(segment, (key, code) -> prefixes.replace(key, code, sets.without(code, isSwept)));
        generations.swept().forEach(this::sweepTexts);
    }

    private void sweepTexts(Generation generation) {
        var filters = generation.wildcards.iterator();
        for (var i = 0; i < SWEPT_PER_VISIT && filters.hasNext(); i++) {
            var entry = filters.next();
            filters.remove();
            var before = Members.reach(sets, entry.code());
            wildcards.remove(entry, member -> Members.generation(member) == generation.index);
            announcer.wildcard(entry.filter, before, wildcards.reach(entry.filter));
        }
        var shared = generation.groups.iterator();
        for (var i = 0; i < SWEPT_PER_VISIT && shared.hasNext(); i++) {
            var entry = shared.next();
            shared.remove();
            var before = entry.presence();
            groups.remove(entry, member -> GroupEntries.generation(member) == generation.index);
            announcer.group(entry.group, entry.filter, before, entry.presence());
        }
    }

    private boolean isSwept(int member) {
        return generations.isSwept(Members.generation(member));
    }

    private void verify(int segment) {
        var literalsRight = literals.codes().verify(segment);
        var prefixesRight = prefixes.codes().verify(segment);
        if (!literalsRight || !prefixesRight) {
            damages++;
            recount();
        }
    }

    /** Computes all checksums from the entries, so that the next summary tells whose entries are damaged. */
    private void recount() {
        generations.forEachLive(generation -> generation.checksum = 0);
        for (var i = 0; i < FilterHashes.SEGMENTS; i++) {
            literals.codes().forEach(i, this::recountKey);
            prefixes.codes().forEach(i, this::recountKey);
        }
        wildcards.forEach((filter, code) -> forEachMember(
                code, member -> recount(Members.generation(member), Checksums.of(filter, Members.reach(member)))));
        groups.forEach(entry -> {
            for (var member : entry.members()) {
                var mix = Checksums.ofGroup(entry.group, entry.filter.filter(), GroupEntries.isOnline(member));
                recount(GroupEntries.generation(member), mix);
            }
        });
    }

    private void recountKey(long key, int code) {
        forEachMember(code, member -> recount(Members.generation(member), Checksums.ofKey(key, Members.reach(member))));
    }

    private void recount(int index, long mix) {
        var generation = generations.live(index);
        if (generation != null) {
            generation.checksum += mix;
        }
    }

    private void forEachMember(int code, IntConsumer consumer) {
        if (HolderSets.isOne(code)) {
            consumer.accept(HolderSets.one(code));
        } else {
            for (var member : sets.members(code)) {
                consumer.accept(member);
            }
        }
    }
}
