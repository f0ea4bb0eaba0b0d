package io.meridianmq.core.place;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Who is alive, as one component's directory knows it at one moment.
 *
 * <p>Views of one directory are totally ordered by {@code revision}: a later view replaces an earlier one whole.
 *
 * @param revision of the directory when the view was taken; 0 before anything is known
 * @param members the live components by place, in place order
 */
public record MembershipView(long revision, SortedMap<Place, Member> members) {

    public static final MembershipView EMPTY = new MembershipView(0, Collections.emptySortedMap());

    public MembershipView {
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
    }

    public static MembershipView of(long revision, Collection<Member> members) {
        var byPlace = new TreeMap<Place, Member>();
        members.forEach(member -> byPlace.put(member.place(), member));
        return new MembershipView(revision, byPlace);
    }

    public Optional<Member> member(Place place) {
        return Optional.ofNullable(members.get(place));
    }

    public boolean contains(Place place) {
        return members.containsKey(place);
    }

    /** Whether exactly this start of a component is listed. */
    public boolean lists(Incarnation start) {
        return member(start.place())
                .filter(member -> member.boot() == start.boot())
                .isPresent();
    }

    /** The live components one level below {@code place}, in place order: the nodes of a zone, the zones of a region. */
    public Stream<Place> below(Place place) {
        return members.keySet().stream()
                .filter(candidate -> candidate.parent().filter(place::equals).isPresent());
    }

    /** Everything this view and {@code other} list; where both list a place, the higher boot. */
    public MembershipView mergedWith(MembershipView other) {
        var merged = new TreeMap<>(members);
        for (Map.Entry<Place, Member> entry : other.members.entrySet()) {
            merged.merge(entry.getKey(), entry.getValue(), (a, b) -> a.boot() >= b.boot() ? a : b);
        }
        return new MembershipView(Math.max(revision, other.revision), merged);
    }
}
