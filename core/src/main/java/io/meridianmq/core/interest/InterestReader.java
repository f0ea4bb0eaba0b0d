package io.meridianmq.core.interest;

import io.meridianmq.topic.MatchSink;
import io.meridianmq.topic.TopicFilter;
import io.meridianmq.topic.TopicHashes;

/**
 * One thread's look-ups in an {@link InterestTable}, without allocating: make one for each thread and keep it.
 *
 * <p>It gives every holder with a matching filter that was there during the whole call, possibly more than once; one whose
 * filter comes or goes meanwhile may or may not be given.
 */
public final class InterestReader {

    private final InterestTable table;
    private final InterestMatches sink;
    private final MatchSink<WildcardEntries.Entry> wildcards = this::wildcard;
    private final MatchSink<GroupEntries.Entry> groups = this::group;

    /** @param sink takes what every call finds, on the calling thread; it must not change the table */
    public InterestReader(InterestTable table, InterestMatches sink) {
        this.table = table;
        this.sink = sink;
    }

    /** Gives the sink who wants a topic, shared subscriptions aside. */
    public void match(TopicHashes topic) {
        var sets = table.sets();
        long epoch;
        do {
            epoch = sets.epoch();
            literal(table.literals().code(topic.literalHash()));
            if (!table.prefixes().codes().isEmpty()) {
                prefixes(topic);
            }
            table.wildcards().trie().match(topic, wildcards);
        } while (sets.epoch() != epoch);
    }

    /** Gives the sink who has members of which shared subscriptions on a topic. */
    public void matchGroups(TopicHashes topic) {
        var sets = table.sets();
        long epoch;
        do {
            epoch = sets.epoch();
            table.groups().trie().match(topic, groups);
        } while (sets.epoch() != epoch);
    }

    private void literal(int code) {
        if (code == FilterHashes.ABSENT) {
            return;
        }
        if (HolderSets.isOne(code)) {
            literalMember(HolderSets.one(code));
            return;
        }
        for (var member : table.sets().members(code)) {
            literalMember(member);
        }
    }

    private void literalMember(int member) {
        var generation = table.generations().live(Members.generation(member));
        if (generation != null) {
            sink.literal(generation.holder);
        }
    }

    private void prefixes(TopicHashes topic) {
        for (var levels = topic.firstDepth(); levels <= topic.levels(); levels++) {
            if (table.hasPrefixesOf(levels)) {
                prefix(table.prefixes().code(topic.prefixHash(levels)), TopicFilter.Shape.PREFIX_HASH, levels);
            }
        }
        var parent = topic.levels() - 1;
        if (topic.hasPlus() && table.hasPrefixesOf(parent)) {
            prefix(table.prefixes().code(topic.plusHash()), TopicFilter.Shape.PREFIX_PLUS, parent);
        }
    }

    private void prefix(int code, TopicFilter.Shape shape, int levels) {
        if (code == FilterHashes.ABSENT) {
            return;
        }
        if (HolderSets.isOne(code)) {
            prefixMember(HolderSets.one(code), shape, levels);
            return;
        }
        for (var member : table.sets().members(code)) {
            prefixMember(member, shape, levels);
        }
    }

    private void prefixMember(int member, TopicFilter.Shape shape, int levels) {
        var generation = table.generations().live(Members.generation(member));
        if (generation != null) {
            sink.prefix(generation.holder, shape, levels);
        }
    }

    private void wildcard(WildcardEntries.Entry entry) {
        var code = entry.code();
        if (code == FilterHashes.ABSENT) {
            return;
        }
        if (HolderSets.isOne(code)) {
            wildcardMember(HolderSets.one(code), entry);
            return;
        }
        for (var member : table.sets().members(code)) {
            wildcardMember(member, entry);
        }
    }

    private void wildcardMember(int member, WildcardEntries.Entry entry) {
        var generation = table.generations().live(Members.generation(member));
        if (generation != null) {
            sink.wildcard(generation.holder, entry.filter);
        }
    }

    private void group(GroupEntries.Entry entry) {
        for (var member : entry.members()) {
            var generation = table.generations().live(GroupEntries.generation(member));
            if (generation != null) {
                sink.group(entry.group, entry.filter, generation.holder, GroupEntries.isOnline(member));
            }
        }
    }
}
