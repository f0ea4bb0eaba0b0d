package io.meridianmq.fabric.directory;

import io.etcd.jetcd.ByteSequence;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.slot.RegisterState;
import io.meridianmq.core.slot.SlotProposal;
import io.meridianmq.core.slot.SlotTable;
import io.meridianmq.fabric.directory.EtcdConnection.LeaseEndedException;
import io.meridianmq.fabric.directory.ZoneCodec.UnreadableException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leader and the slot table of one zone, as etcd keeps them: follows both and, for a node, takes part in the election and
 * writes the tables that its mesh proposes while it leads. Belongs to the thread of the directory.
 */
final class ZoneRegister {

    private static final Logger log = LoggerFactory.getLogger(ZoneRegister.class);

    private final Place zone;
    private final Optional<Incarnation> candidate;
    private final ZoneCodec codec;
    private final Consumer<ZoneEvent> listener;

    private Optional<Leading> leader = Optional.empty();
    private SlotTable table = SlotTable.EMPTY;

    /** At which of etcd's revisions the table was written; 0 if there is none. */
    private long tableRevision;

    /** Whether the table that is there can be read; what cannot is not written over. */
    private boolean readable = true;

    /** Up to which of etcd's revisions every change is known. */
    private long seenRevision;

    private boolean reached;

    /** A table that may have been written or not, since the connection broke. */
    private Optional<SlotProposal> unsettled = Optional.empty();

    /** @param since at which revision the election was won */
    private record Leading(Incarnation who, long since) {}

    /**
     * A register for one zone.
     *
     * @param prefix of all keys of the platform
     * @param candidate who this process would lead the zone as, if it may
     */
    ZoneRegister(String prefix, Place zone, Optional<Incarnation> candidate, Consumer<ZoneEvent> listener) {
        this.zone = zone;
        this.candidate = candidate;
        this.codec = new ZoneCodec(prefix, zone);
        this.listener = listener;
    }

    ZoneCodec codec() {
        return codec;
    }

    /** Reads both; returns the revision at which that is how they were. */
    long list(EtcdConnection etcd) throws EtcdAwayException, InterruptedException {
        take(etcd.read(codec));
        return seenRevision;
    }

    /** Takes changes in the order in which they happened; those already seen are left out. */
    void changed(List<ZoneChange> changes) {
        var unseenAfter = seenRevision;
        for (var change : changes) {
            if (change.revision() > unseenAfter) {
                take(change);
                seenRevision = change.revision();
            }
        }
    }

    /** Whether nobody leads the zone and this process may. */
    boolean isVacant() {
        return candidate.isPresent() && leader.isEmpty();
    }

    /** Stands for election; whether it was won. What is there then has to be listed, with the members, before all else. */
    boolean campaign(EtcdConnection etcd, long lease) throws EtcdAwayException, InterruptedException {
        try {
            var won = etcd.takeLead(codec, ZoneCodec.leaderValue(candidate.orElseThrow()), lease);
            if (won) {
                log.info("{} leads zone {}", candidate.orElseThrow(), zone);
            }
            return won;
        } catch (LeaseEndedException e) {
            return false; // The renewal finds out, too, and a new lease is made.
        }
    }

    /** Writes a table if this process leads, and replaces what the proposal says; tells what came of it. */
    void propose(EtcdConnection etcd, SlotProposal proposal) throws EtcdAwayException, InterruptedException {
        var term = leader.filter(leading -> Optional.of(leading.who()).equals(candidate));
        if (term.isEmpty() || !readable || proposal.replaces() != table.version()) {
            listener.accept(new ZoneEvent.Proposed(false));
            return;
        }
        unsettled = Optional.of(proposal);
        var written = etcd.writeTable(
                codec, ZoneCodec.tableValue(proposal.next()), term.get().since(), tableRevision);
        if (written.isEmpty()) {
            take(etcd.read(codec));
            return;
        }
        unsettled = Optional.empty();
        // Only this process writes, so nothing else has happened to the table; the leader's key has its own watch
        // event.
        takeTable(proposal.next(), written.getAsLong());
        listener.accept(new ZoneEvent.Proposed(true));
    }

    /** The proposal could not be made at all. */
    void refuse() {
        listener.accept(new ZoneEvent.Proposed(false));
    }

    /** Reads what is there, and says so. */
    void confirm(EtcdConnection etcd, long question) throws EtcdAwayException, InterruptedException {
        take(etcd.read(codec));
        listener.accept(new ZoneEvent.Confirmed(question));
    }

    /**
     * Etcd can be reached, and what it holds has been listed.
     *
     * @param returned whether it was away so long that leases may have ended
     */
    void reached(boolean returned) {
        if (returned || !reached) {
            reached = true;
            listener.accept(new ZoneEvent.Reached(returned ? RegisterState.RETURNED : RegisterState.THERE));
        }
    }

    /** Etcd cannot be reached. */
    void away() {
        if (reached) {
            reached = false;
            listener.accept(new ZoneEvent.Reached(RegisterState.AWAY));
        }
    }

    private void take(EtcdConnection.Reading reading) {
        var leaderNow = Optional.<Leading>empty();
        var tableNow = Optional.<ZoneChange>empty();
        for (var entry : reading.entries()) {
            if (entry.key().equals(codec.slotsKey())) {
                tableNow = Optional.of(entry);
            } else if (entry.key().equals(codec.leaderKey())) {
                leaderNow = leading(entry);
            }
        }
        takeTable(tableNow);
        takeLeader(leaderNow);
        seenRevision = reading.revision();
        unsettled.ifPresent(proposal -> {
            unsettled = Optional.empty();
            listener.accept(new ZoneEvent.Proposed(table.equals(proposal.next())));
        });
    }

    private void take(ZoneChange change) {
        if (change.key().equals(codec.leaderKey())) {
            takeLeader(leading(change));
        } else if (change.key().equals(codec.slotsKey()) && change.revision() > tableRevision) {
            takeTable(Optional.of(change).filter(put -> put.value().isPresent()));
        }
    }

    private Optional<Leading> leading(ZoneChange change) {
        return change.value().flatMap(value -> {
            try {
                return Optional.of(new Leading(ZoneCodec.leader(value), change.createdAt()));
            } catch (UnreadableException e) {
                log.error("zone {}: {}: nobody leads until it goes with its lease", zone, e.getMessage());
                return Optional.empty();
            }
        });
    }

    private void takeLeader(Optional<Leading> now) {
        if (!now.equals(leader)) {
            leader = now;
            listener.accept(new ZoneEvent.Led(now.map(Leading::who)));
        }
    }

    private void takeTable(Optional<ZoneChange> now) {
        if (now.isEmpty()) {
            takeTable(SlotTable.EMPTY, 0);
            return;
        }
        var change = now.get();
        try {
            takeTable(ZoneCodec.table(value(change)), change.revision());
        } catch (UnreadableException e) {
            readable = false;
            log.error(
                    "zone {}: {}: the last table stays; upgrade this node, or delete the key {}",
                    zone,
                    e.getMessage(),
                    codec.slotsKey());
        }
    }

    private void takeTable(SlotTable now, long revision) {
        readable = true;
        tableRevision = revision;
        if (!now.equals(table)) {
            table = now;
            listener.accept(new ZoneEvent.Shared(now));
        }
    }

    private static ByteSequence value(ZoneChange change) {
        return change.value().orElseThrow();
    }
}
