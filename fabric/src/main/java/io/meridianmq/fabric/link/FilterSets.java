package io.meridianmq.fabric.link;

import com.google.common.primitives.ImmutableLongArray;
import io.meridianmq.core.link.InterestEntries;
import io.meridianmq.core.place.Reach;
import io.meridianmq.proto.link.v1.FilterSet;

/** Interest entries as links carry them. */
final class FilterSets {

    private FilterSets() {}

    static FilterSet encode(InterestEntries entries) {
        var set = FilterSet.newBuilder();
        for (var literals : entries.literals()) {
            var hashes = literals.hashes();
            var part = set.addLiteralsBuilder().setReach(encode(literals.reach()));
            for (int i = 0; i < hashes.length(); i++) {
                part.addHashes(hashes.get(i));
            }
        }
        for (var wildcard : entries.wildcards()) {
            set.addWildcardsBuilder().setReach(encode(wildcard.reach())).setFilter(wildcard.filter());
        }
        for (var group : entries.groups()) {
            set.addGroupsBuilder()
                    .setName(group.group())
                    .setFilter(group.filter())
                    .setOnline(group.online());
        }
        return set.build();
    }

    /**
     * @throws IllegalArgumentException if an entry has no reach that this version knows
     */
    static InterestEntries decode(FilterSet set) {
        return new InterestEntries(
                set.getLiteralsList().stream().map(FilterSets::decode).toList(),
                set.getWildcardsList().stream()
                        .map(wildcard ->
                                new InterestEntries.Wildcard(decode(wildcard.getReach()), wildcard.getFilter()))
                        .toList(),
                set.getGroupsList().stream()
                        .map(group -> new InterestEntries.Group(group.getName(), group.getFilter(), group.getOnline()))
                        .toList());
    }

    private static InterestEntries.Literals decode(FilterSet.Literals literals) {
        var hashes = ImmutableLongArray.builder(literals.getHashesCount());
        for (int i = 0; i < literals.getHashesCount(); i++) {
            hashes.add(literals.getHashes(i));
        }
        return new InterestEntries.Literals(decode(literals.getReach()), hashes.build());
    }

    private static FilterSet.Reach encode(Reach reach) {
        return switch (reach) {
            case NODE -> FilterSet.Reach.REACH_NODE;
            case ZONE -> FilterSet.Reach.REACH_ZONE;
            case REGION -> FilterSet.Reach.REACH_REGION;
            case GLOBAL -> FilterSet.Reach.REACH_GLOBAL;
        };
    }

    private static Reach decode(FilterSet.Reach reach) {
        return switch (reach) {
            case REACH_NODE -> Reach.NODE;
            case REACH_ZONE -> Reach.ZONE;
            case REACH_REGION -> Reach.REGION;
            case REACH_GLOBAL -> Reach.GLOBAL;
            case REACH_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("a filter has no reach that this version knows");
        };
    }
}
