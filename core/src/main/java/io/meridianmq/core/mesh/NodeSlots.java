package io.meridianmq.core.mesh;

import io.meridianmq.core.link.SlotMessage;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.slot.RegisterState;
import io.meridianmq.core.slot.SlotContents;
import io.meridianmq.core.slot.SlotFigures;
import io.meridianmq.core.slot.SlotLeader;
import io.meridianmq.core.slot.SlotOutlet;
import io.meridianmq.core.slot.SlotRoles;
import io.meridianmq.core.slot.SlotSettings;
import io.meridianmq.core.slot.SlotTable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A node's part in the slots of its zone: what it serves and keeps by the table and, while it leads, the next table.
 *
 * <p>A node that did not run for a whole lease, or that finds itself no longer listed, may have been replaced meanwhile: it
 * acts on no slot until it has asked the register, and was answered. Owned by the thread that drives the node.
 */
public final class NodeSlots {

    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final Incarnation self;
    private final SlotSettings settings;
    private final SlotOutlet outlet;
    private final BiConsumer<Place, SlotMessage> tell;
    private final SlotRoles roles;
    private final SlotLeader leader;

    private Optional<Incarnation> elected = Optional.empty();
    private List<SlotMessage.Copy> told = List.of();
    private long toldNanos;
    private long lookedNanos;
    private long lastNanos;
    private boolean wasListed;
    private long question;
    private long askedNanos;

    /** @param tell sends to another node of the zone; what is sent may get lost */
    public NodeSlots(
            Incarnation self,
            SlotSettings settings,
            SlotOutlet outlet,
            BiConsumer<Place, SlotMessage> tell,
            List<? extends SlotContents> contents,
            long nowNanos) {
        this.self = self;
        this.settings = settings;
        this.outlet = outlet;
        this.tell = tell;
        this.roles = new SlotRoles(self, settings, contents);
        this.leader = new SlotLeader(self, settings, nowNanos);
        this.toldNanos = nowNanos;
        this.lookedNanos = nowNanos;
        this.lastNanos = nowNanos;
        this.askedNanos = nowNanos;
    }

    /** What this node has to do with each slot. */
    public SlotRoles roles() {
        return roles;
    }

    /** Time has come so far. To be called before everything else that happens, whatever it is about. */
    public void at(long nowNanos) {
        if (nowNanos - lastNanos >= settings.lease().toNanos()) {
            suspend(nowNanos);
        }
        lastNanos = nowNanos;
    }

    /** Another view of who is alive. */
    public void onView(MembershipView view, long nowNanos) {
        leader.onView(view);
        var listed = view.lists(self);
        if (wasListed && !listed) {
            suspend(nowNanos);
        }
        wasListed = listed;
    }

    /** The table that is in the register. */
    public void onTable(SlotTable table, long nowNanos) {
        leader.onTable(table);
        roles.onTable(table, nowNanos);
    }

    /** Who leads the zone. */
    public void onLeader(Optional<Incarnation> who, long nowNanos) {
        elected = who;
        told = List.of();
        leader.onLeader(who, nowNanos);
    }

    /** Whether the register can be reached. */
    public void onRegister(RegisterState state, long nowNanos) {
        leader.onRegister(state, nowNanos);
    }

    /** What came of the last proposal; false also if nobody knows. */
    public void onProposed(boolean written) {
        leader.onProposed(written);
    }

    /** The register has been read after this question was asked, and what it holds has been told. */
    public void onConfirmed(long answered) {
        if (answered == question) {
            roles.resume();
        }
    }

    /** An owner tells this node, as the leader, which copies are complete. */
    public void onFilled(Incarnation from, SlotMessage.Filled filled) {
        leader.onFilled(from, filled);
    }

    /** This node may have been replaced: it acts on nothing until the register has confirmed what it knows. */
    public void suspend(long nowNanos) {
        roles.suspend();
        question++;
        ask(nowNanos);
    }

    /** Does what is due. To be called after each batch of events and at least every 10 ms or so. */
    public void flush(long nowNanos) {
        roles.tick(nowNanos);
        if (roles.isSuspended()) {
            if (nowNanos - askedNanos >= settings.repeat().toNanos()) {
                ask(nowNanos);
            }
            return;
        }
        if (nowNanos - lookedNanos >= LOOK_EVERY.toNanos()) {
            lookedNanos = nowNanos;
            tellComplete(nowNanos);
            leader.next(nowNanos).ifPresent(outlet::propose);
        }
    }

    /** What there is to measure. */
    public SlotFigures figures() {
        return new SlotFigures(
                roles.owned(),
                roles.standby(),
                roles.unowned(),
                roles.table().version(),
                leader.isElected(),
                roles.isSuspended(),
                roles.handOvers(),
                leader.proposals(),
                leader.lost());
    }

    private void ask(long nowNanos) {
        askedNanos = nowNanos;
        outlet.confirmSlots(question);
    }

    /** Tells the leader which copies are complete: what is new at once, and everything again until the table shows it. */
    private void tellComplete(long nowNanos) {
        var complete = roles.complete();
        var again = nowNanos - toldNanos >= settings.repeat().toNanos();
        if (complete.isEmpty() || elected.isEmpty() || (complete.equals(told) && !again)) {
            return;
        }
        told = complete;
        toldNanos = nowNanos;
        var filled = new SlotMessage.Filled(complete);
        if (elected.get().equals(self)) {
            leader.onFilled(self, filled);
        } else {
            tell.accept(elected.get().place(), filled);
        }
    }
}
