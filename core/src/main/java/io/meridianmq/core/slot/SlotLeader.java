package io.meridianmq.core.slot;

import io.meridianmq.core.link.SlotMessage;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the slot table of a zone: runs at every node, and acts at the one that is elected.
 *
 * <p>Election and table are kept in a register (etcd; in the simulation a variable), which writes a table only for the leader
 * of that moment and only in place of the one that the proposal names. So a leader that was deposed without noticing, or that
 * knows less than it thinks, changes nothing. There is at most one proposal at a time.
 *
 * <p>Who is not listed is given up, except where absence may mean nothing; then its slots stay as they are. That is so for
 * two leases after the register was away, since leases end while nobody can renew them; and, for whoever was never listed as
 * far as this node knows, for two leases after the election, since the leader before may have known more. Of a place that is
 * listed with a higher boot no earlier start is alive.
 *
 * <p>Belongs to the thread that drives the node.
 */
public final class SlotLeader {

    private final Incarnation self;
    private final SlotSettings settings;

    private MembershipView view = MembershipView.EMPTY;
    private boolean elected;
    private boolean reachable;

    /** The highest table ever seen: if the register forgets, it is told again. */
    private SlotTable table = SlotTable.EMPTY;

    /** Version of the table in the register. */
    private long registered;

    private final Map<Integer, Filled> filled = new HashMap<>();

    /** Who was listed at any time and is still listed or in the table. */
    private final Set<Incarnation> seen = new HashSet<>();

    /** From here on absence counts again after the register was away. */
    private long returnedUntilNanos;

    /** From here on absence counts of those who were never seen. */
    private long electedUntilNanos;

    /** Whether what the last plan was made of has changed since. */
    private boolean stale = true;

    /** Whether the last plan left somebody's slots alone who is not listed. */
    private boolean doubted;

    private boolean proposed;
    private long proposedNanos;
    private long proposals;
    private long lost;

    private record Filled(Incarnation owner, long epoch, Incarnation holder) {}

    public SlotLeader(Incarnation self, SlotSettings settings, long nowNanos) {
        this.self = self;
        this.settings = settings;
        this.returnedUntilNanos = nowNanos;
        this.electedUntilNanos = nowNanos;
        this.proposedNanos = nowNanos - settings.pace().toNanos();
    }

    /** Another view of who is alive. */
    public void onView(MembershipView newer) {
        view = newer;
        stale = true;
        nodes().forEach(node -> seen.add(node.incarnation()));
    }

    /** Who leads the zone, as the register says, at this moment or some moments ago. */
    public void onLeader(Optional<Incarnation> leader, long nowNanos) {
        var now = leader.filter(self::equals).isPresent();
        if (now && !elected) {
            electedUntilNanos = nowNanos + settings.doubt().toNanos();
        }
        elected = now;
        stale = true;
    }

    /** The table that is in the register. */
    public void onTable(SlotTable inRegister) {
        registered = inRegister.version();
        if (inRegister.version() > table.version()) {
            table = inRegister;
            filled.entrySet().removeIf(report -> !fits(table.slot(report.getKey()), report.getValue()));
        }
        stale = true;
    }

    /** The register can be reached, or cannot: then everything stays as it is. */
    public void onRegister(RegisterState state, long nowNanos) {
        reachable = state != RegisterState.AWAY;
        stale = true;
        if (state == RegisterState.RETURNED) {
            returnedUntilNanos = nowNanos + settings.doubt().toNanos();
        }
    }

    /** The register has written the proposal, or refused it, or nobody knows which; what it holds now has been told before. */
    public void onProposed(boolean written) {
        proposed = false;
        stale = true;
        if (!written) {
            lost++;
        }
    }

    /** An owner says that copies it was filling are complete. */
    public void onFilled(Incarnation from, SlotMessage.Filled message) {
        for (var copy : message.copies()) {
            var report = new Filled(from, copy.epoch(), copy.holder());
            if (fits(table.slot(copy.slot()), report) && !report.equals(filled.put(copy.slot(), report))) {
                stale = true;
            }
        }
    }

    /** The table to write now, if this node is to write one. */
    public Optional<SlotProposal> next(long nowNanos) {
        if (!elected
                || !reachable
                || proposed
                || nowNanos - proposedNanos < settings.pace().toNanos()) {
            return Optional.empty();
        }
        if (!stale && !(doubted && nowNanos - Math.max(returnedUntilNanos, electedUntilNanos) >= 0)) {
            return Optional.empty();
        }
        stale = false;
        var next = SlotPlanner.next(table, members(nowNanos), complete())
                .or(() -> registered < table.version()
                        ? Optional.of(new SlotTable(table.version() + 1, table.slots()))
                        : Optional.empty());
        next.ifPresent(_ -> {
            proposed = true;
            proposedNanos = nowNanos;
            proposals++;
        });
        return next.map(planned -> new SlotProposal(planned, registered));
    }

    public boolean isElected() {
        return elected;
    }

    /** Tables that this node proposed, since the start. */
    public long proposals() {
        return proposals;
    }

    /** Tables that this node proposed and the register did not take, since the start. */
    public long lost() {
        return lost;
    }

    private BitSet complete() {
        var complete = new BitSet(SlotHash.COUNT);
        filled.keySet().forEach(complete::set);
        return complete;
    }

    private static boolean fits(Slot slot, Filled report) {
        return slot.isOwnedBy(report.owner())
                && slot.epoch() == report.epoch()
                && slot.joining().filter(report.holder()::equals).isPresent();
    }

    private ZoneMembers members(long nowNanos) {
        var serving = new ArrayList<Incarnation>();
        var draining = new HashSet<Incarnation>();
        var boots = new HashMap<Place, Long>();
        for (var node : nodes()) {
            boots.put(node.place(), node.boot());
            if (node.draining()) {
                draining.add(node.incarnation());
            } else if (!node.starting()) {
                serving.add(node.incarnation());
            }
        }
        var doubtful = new HashSet<Incarnation>();
        for (var slot : table.slots()) {
            slot.owner().ifPresent(doubtful::add);
            slot.standby().ifPresent(doubtful::add);
        }
        seen.removeIf(who -> !doubtful.contains(who) && boots.getOrDefault(who.place(), -1L) != who.boot());
        doubtful.removeIf(who -> !isDoubtful(who, boots, nowNanos));
        doubted = !doubtful.isEmpty();
        return new ZoneMembers(serving, draining, doubtful);
    }

    private boolean isDoubtful(Incarnation who, Map<Place, Long> boots, long nowNanos) {
        // A lower boot than the table's is that of a view older than the table.
        if (boots.getOrDefault(who.place(), Long.MIN_VALUE) >= who.boot()) {
            return false;
        }
        return nowNanos - returnedUntilNanos < 0 || (nowNanos - electedUntilNanos < 0 && !seen.contains(who));
    }

    private List<Member> nodes() {
        var zone = self.place().inZone();
        return view.members().values().stream()
                .filter(member -> member.place().parent().filter(zone::equals).isPresent())
                .toList();
    }
}
