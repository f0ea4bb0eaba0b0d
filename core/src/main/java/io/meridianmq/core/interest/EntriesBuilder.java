package io.meridianmq.core.interest;

import com.google.common.primitives.ImmutableLongArray;
import io.meridianmq.core.link.InterestEntries;
import io.meridianmq.core.place.Reach;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Collects entries for a frame. */
final class EntriesBuilder {

    private final Map<Reach, ImmutableLongArray.Builder> literals = new EnumMap<>(Reach.class);
    private final List<InterestEntries.Wildcard> wildcards = new ArrayList<>();
    private final List<InterestEntries.Group> groups = new ArrayList<>();

    void add(Change.Entry entry) {
        switch (entry) {
            case Change.Literal(var hash, var reach) -> addLiteral(hash, reach);
            case Change.Wildcard(var filter, var reach) -> wildcards.add(new InterestEntries.Wildcard(reach, filter));
            case Change.Group(var group, var filter, var online) ->
                groups.add(new InterestEntries.Group(group, filter, online));
        }
    }

    void addLiteral(long hash, Reach reach) {
        literals.computeIfAbsent(reach, _ -> ImmutableLongArray.builder()).add(hash);
    }

    InterestEntries build() {
        var byReach = new ArrayList<InterestEntries.Literals>();
        literals.forEach((reach, hashes) -> byReach.add(new InterestEntries.Literals(reach, hashes.build())));
        return new InterestEntries(byReach, wildcards, groups);
    }
}
