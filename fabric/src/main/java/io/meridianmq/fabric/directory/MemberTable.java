package io.meridianmq.fabric.directory;

import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Decides what a view contains, from what etcd lists and from when it could not be seen. Pure: time comes in.
 *
 * <p>A member leaves the view when etcd removes it, with one exception. While etcd is away nobody can renew a lease, so
 * what it removes in the first <i>grace</i> after it came back says nothing about the member: until the grace is over,
 * members that etcd no longer lists are kept. A member that leaves in order in that time is kept as long.
 *
 * <p>The revision of a view is etcd's at the change that made it. It is one more than the last view's where etcd has no
 * higher one: when members are dropped at the end of a grace, and when etcd came back with older data or none.
 */
final class MemberTable {

    private final long graceNanos;
    private final TreeMap<Place, Member> listed = new TreeMap<>();

    /** Members of the view that etcd does not list; empty outside a grace. */
    private final TreeMap<Place, Member> kept = new TreeMap<>();

    private boolean grace;
    private long graceEndsNanos;
    private long seenRevision;
    private MembershipView view = MembershipView.EMPTY;

    MemberTable(long graceNanos) {
        this.graceNanos = graceNanos;
    }

    /** Up to which of etcd's revisions this table has seen every change. */
    long seenRevision() {
        return seenRevision;
    }

    /** What etcd itself lists for a place, kept members left out. */
    Optional<Member> listed(Place place) {
        return Optional.ofNullable(listed.get(place));
    }

    /**
     * Takes a complete list.
     *
     * @param afterOutage etcd was away so long that leases may have ended through no fault of their members
     * @return the view this makes, if it differs from the last one or is the first
     */
    Optional<MembershipView> relisted(long revision, Collection<Member> members, boolean afterOutage, long nowNanos) {
        if (afterOutage) {
            grace = true;
            graceEndsNanos = nowNanos + graceNanos;
        }
        endGraceIfDue(nowNanos);
        listed.clear();
        members.forEach(member -> listed.put(member.place(), member));
        kept.clear();
        if (grace) {
            kept.putAll(view.members());
            kept.keySet().removeAll(listed.keySet());
        }
        seenRevision = revision;
        return nextView();
    }

    /** Takes changes in the order in which they happened; those already seen are left out. */
    Optional<MembershipView> changed(List<MemberChange> changes, long nowNanos) {
        endGraceIfDue(nowNanos);
        var unseenAfter = seenRevision;
        for (var change : changes) {
            // Changes of one transaction share a revision, so "seen" is what was seen before this call.
            if (change.revision() > unseenAfter) {
                apply(change);
                seenRevision = change.revision();
            }
        }
        return nextView();
    }

    /** Drops kept members when their grace is over. */
    Optional<MembershipView> tick(long nowNanos) {
        endGraceIfDue(nowNanos);
        return nextView();
    }

    private void apply(MemberChange change) {
        switch (change) {
            case MemberChange.Listed entered -> {
                listed.put(entered.place(), entered.member());
                kept.remove(entered.place());
            }
            case MemberChange.Removed left -> {
                var member = listed.remove(left.place());
                if (member != null && grace) {
                    kept.put(left.place(), member);
                }
            }
        }
    }

    private void endGraceIfDue(long nowNanos) {
        if (grace && nowNanos - graceEndsNanos >= 0) {
            grace = false;
            kept.clear();
        }
    }

    private Optional<MembershipView> nextView() {
        var members = new TreeMap<>(listed);
        members.putAll(kept);
        if (view.revision() > 0 && members.equals(view.members())) {
            return Optional.empty();
        }
        view = new MembershipView(Math.max(seenRevision, view.revision() + 1), members);
        return Optional.of(view);
    }
}
