package io.meridianmq.core.interest;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.InterestKey;
import io.meridianmq.core.place.Reach;
import io.meridianmq.topic.TopicFilter;
import io.meridianmq.topic.TopicHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one holder wants: a node's subscriptions, or what the nodes of a zone want together. One owner thread.
 *
 * <p>Subscriptions are counted: several of one filter are one entry, which appears with the first and goes with the last.
 * Literal filters, {@code prefix/#} and {@code prefix/+} are counted by 64-bit key, so that of two filters with one key
 * neither takes the other away; a collision only keeps an entry longer. Each change of the entries makes a new version,
 * from {@value #FIRST_VERSION} (nothing yet). An entry has one reach; the same filter with two reaches is two entries.
 *
 * <p>The last {@value ChangeLog#CHANGES_MAX} changes (4 MB at most) can be told as deltas; for more there are snapshots.
 *
 * <p><b>Limits.</b> None of its own: whoever subscribes is limited before.
 */
public final class OwnInterest {

    /** The version of a holder that has never wanted anything. */
    public static final long FIRST_VERSION = 1;

    /** How a wildcard filter is counted: by key if its shape has one (then without text), else by text. */
    private record Name(long key, String text, Reach reach) {}

    /** Subscriptions of one name. Different texts only if their keys collide; they go together. */
    private static final class Wildcards {
        private final List<String> texts = new ArrayList<>(1);
        private int count;
    }

    /** Members of one shared subscription. */
    private static final class Members {
        private int online;
        private int offline;

        private GroupPresence presence() {
            if (online > 0) {
                return GroupPresence.ONLINE;
            }
            return offline > 0 ? GroupPresence.OFFLINE : GroupPresence.ABSENT;
        }
    }

    private final InterestKey key;
    /** Counts by hash, by the code of the reach. */
    private final FilterHashes[] literals = new FilterHashes[ReachCode.COUNT];

    private final Map<Name, Wildcards> wildcards = new HashMap<>();
    private final Map<TopicFilter, Members> groups = new HashMap<>();
    private final ChangeLog log = new ChangeLog(FIRST_VERSION);
    private long version = FIRST_VERSION;
    private long checksum;
    private Frame.@Nullable InterestDelta lastDelta;

    /** Nothing wanted yet, in this boot. */
    public OwnInterest(InterestKey key) {
        this.key = key;
        Arrays.setAll(literals, _ -> new FilterHashes());
    }

    /** Whose interest this is. */
    public InterestKey key() {
        return key;
    }

    /** The version that holds everything added so far. */
    public long version() {
        return version;
    }

    /** The sum of the entries' mixes at this version, as a summary carries it. */
    public long checksum() {
        return checksum;
    }

    /** How many entries there are. */
    public int size() {
        var size = wildcards.size() + groups.size();
        for (var sameReach : literals) {
            size += sameReach.size();
        }
        return size;
    }

    /**
     * Adds a subscription.
     *
     * @param filter not shared; for shared ones see {@link #join}
     * @param reach how far it is advertised; not NODE, which is not advertised at all
     */
    public void add(TopicFilter filter, Reach reach) {
        requirePlain(filter);
        if (filter.shape() == TopicFilter.Shape.LITERAL) {
            addLiteral(TopicHash.of(filter), reach);
            return;
        }
        requireAdvertised(reach);
        var name = name(filter, reach);
        var same = wildcards.computeIfAbsent(name, _ -> new Wildcards());
        same.count++;
        if (same.count == 1) {
            checksum += Checksums.of(filter, reach);
        }
        if (!same.texts.contains(filter.filter())) {
            same.texts.add(filter.filter());
            changed(new Change.Wildcard(filter.filter(), reach), true);
        }
    }

    /**
     * Removes a subscription that was added with the same reach.
     *
     * @throws IllegalStateException if there is none
     */
    public void remove(TopicFilter filter, Reach reach) {
        requirePlain(filter);
        if (filter.shape() == TopicFilter.Shape.LITERAL) {
            removeLiteral(TopicHash.of(filter), reach);
            return;
        }
        var name = name(filter, reach);
        var same = wildcards.get(name);
        if (same == null) {
            throw new IllegalStateException(filter + " is removed more often than added with reach " + reach);
        }
        if (--same.count == 0) {
            wildcards.remove(name);
            checksum -= Checksums.of(filter, reach);
            same.texts.forEach(text -> changed(new Change.Wildcard(text, reach), false));
        }
    }

    /** Adds a subscription with a literal filter, by the filter's key. */
    public void addLiteral(long hash, Reach reach) {
        requireAdvertised(reach);
        var counts = literals[ReachCode.of(reach)];
        var count = counts.get(hash);
        counts.put(hash, count + 1);
        if (count == 0) {
            checksum += Checksums.ofKey(hash, reach);
            changed(new Change.Literal(hash, reach), true);
        }
    }

    /**
     * Removes a subscription with a literal filter that was added with the same reach.
     *
     * @throws IllegalStateException if there is none
     */
    public void removeLiteral(long hash, Reach reach) {
        var counts = literals[ReachCode.of(reach)];
        var count = counts.get(hash);
        if (count == 0) {
            throw new IllegalStateException(
                    "literal filter " + hash + " is removed more often than added with reach " + reach);
        }
        if (count > 1) {
            counts.put(hash, count - 1);
            return;
        }
        counts.remove(hash);
        checksum -= Checksums.ofKey(hash, reach);
        changed(new Change.Literal(hash, reach), false);
    }

    /**
     * Adds a member to a shared subscription. Shared subscriptions reach everywhere.
     *
     * @param online whether it has a connection
     */
    public void join(TopicFilter shared, boolean online) {
        requireShared(shared);
        var members = groups.computeIfAbsent(shared, _ -> new Members());
        var before = members.presence();
        if (online) {
            members.online++;
        } else {
            members.offline++;
        }
        groupChanged(shared, before, members.presence());
    }

    /**
     * Removes a member that joined with the same presence. A member that comes online or goes offline joins with the new
     * presence and then leaves with the old one.
     *
     * @throws IllegalStateException if there is none
     */
    public void leave(TopicFilter shared, boolean online) {
        requireShared(shared);
        var members = groups.get(shared);
        if (members == null || (online ? members.online : members.offline) == 0) {
            throw new IllegalStateException("more members left " + shared + " than joined it "
                    + (online ? "with a connection" : "without a connection"));
        }
        var before = members.presence();
        if (online) {
            members.online--;
        } else {
            members.offline--;
        }
        if (members.presence() == GroupPresence.ABSENT) {
            groups.remove(shared);
        }
        groupChanged(shared, before, members.presence());
    }

    /** The summary of this version. */
    public Frame.InterestSummary summary() {
        return new Frame.InterestSummary(key, version, checksum);
    }

    /** Whether {@link #deltaAfter} can tell what changed after this version. */
    public boolean reaches(long fromVersion) {
        return log.reaches(fromVersion);
    }

    /**
     * What changed after a version, as far as it fits into one frame: from there it is asked again.
     *
     * @param fromVersion one that is {@linkplain #reaches known}, and not the newest
     */
    public Frame.InterestDelta deltaAfter(long fromVersion) {
        assert reaches(fromVersion) && fromVersion < version : fromVersion;
        // Neighbours are usually at the same version and get the same frame.
        var last = lastDelta;
        if (last != null && last.fromVersion() == fromVersion && last.toVersion() == version) {
            return last;
        }
        var span = log.after(fromVersion);
        var delta = new Frame.InterestDelta(
                key,
                fromVersion,
                span.toVersion(),
                span.added().build(),
                span.removed().build());
        lastDelta = delta;
        return delta;
    }

    /**
     * Everything, in parts that are made one at a time.
     *
     * @param partBytesMax a part ends with the entry that makes it so heavy; a literal filter counts 8
     */
    public SnapshotParts snapshot(int partBytesMax) {
        var texts = new ArrayList<Change.Entry>(wildcards.size() + groups.size());
        wildcards.forEach((name, same) -> same.texts.forEach(text -> texts.add(new Change.Wildcard(text, name.reach))));
        groups.forEach((shared, members) -> texts.add(entry(shared, members.presence())));
        return new SnapshotParts(key, version, literals, texts, partBytesMax);
    }

    private void groupChanged(TopicFilter shared, GroupPresence before, GroupPresence after) {
        if (before == after) {
            return;
        }
        if (after != GroupPresence.ABSENT) {
            var entry = entry(shared, after);
            checksum += Checksums.ofGroup(entry.group(), entry.filter(), entry.online());
            changed(entry, true);
        }
        if (before != GroupPresence.ABSENT) {
            var entry = entry(shared, before);
            checksum -= Checksums.ofGroup(entry.group(), entry.filter(), entry.online());
            changed(entry, false);
        }
    }

    private void changed(Change.Entry entry, boolean added) {
        version++;
        log.append(new Change(entry, added));
    }

    private static Change.Group entry(TopicFilter shared, GroupPresence presence) {
        return new Change.Group(shared.group().orElseThrow(), shared.filter(), presence == GroupPresence.ONLINE);
    }

    private static Name name(TopicFilter filter, Reach reach) {
        return filter.shape() == TopicFilter.Shape.OTHER
                ? new Name(0, filter.filter(), reach)
                : new Name(TopicHash.of(filter), "", reach);
    }

    private static void requirePlain(TopicFilter filter) {
        if (filter.isShared()) {
            throw new IllegalArgumentException(filter + " is shared: its members join and leave");
        }
    }

    private static void requireShared(TopicFilter filter) {
        if (!filter.isShared()) {
            throw new IllegalArgumentException(filter + " is not shared: it is added and removed");
        }
    }

    private static void requireAdvertised(Reach reach) {
        if (reach == Reach.NODE) {
            throw new IllegalArgumentException("reach NODE is not advertised: add the filter with ZONE or farther");
        }
    }
}
