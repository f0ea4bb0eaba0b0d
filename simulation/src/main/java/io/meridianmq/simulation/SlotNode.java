package io.meridianmq.simulation;

import io.meridianmq.core.link.SlotMessage;
import io.meridianmq.core.mesh.NodeSlots;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.slot.RegisterState;
import io.meridianmq.core.slot.SlotOutlet;
import io.meridianmq.core.slot.SlotProposal;
import io.meridianmq.core.slot.SlotSettings;
import io.meridianmq.core.slot.SlotTable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A node, as far as slots go, which can crash and be paused: then everything waits, and happens at once when it goes on. */
final class SlotNode implements SimulatedRegister.Client, SlotOutlet {

    private final Incarnation self;
    private final Schedule schedule;
    private final SimulatedRegister register;
    private final SlotBug bug;
    private final NodeSlots slots;
    private final SlotCopies copies;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean running = true;
    private boolean paused;
    private MembershipView view = MembershipView.EMPTY;

    SlotNode(
            Incarnation self,
            Schedule schedule,
            SimulatedRegister register,
            SlotBug bug,
            BiConsumer<Place, SlotMessage> tell,
            SlotCopies.Mail mail,
            SlotCopies.Auditor auditor) {
        this.self = self;
        this.schedule = schedule;
        this.register = register;
        this.bug = bug;
        this.copies = new SlotCopies(self, bug, this::serves, mail, auditor);
        this.slots = new NodeSlots(self, SlotSettings.DEFAULT, this, tell, List.of(copies), schedule.nowNanos());
    }

    /** Does something now, or when the node goes on. */
    void run(Runnable event) {
        if (!running) {
            return;
        }
        if (paused) {
            waiting.add(event);
            return;
        }
        if (bug != SlotBug.PAUSE_NOT_NOTICED) {
            slots.at(schedule.nowNanos());
        }
        event.run();
    }

    void flush() {
        if (!paused) {
            run(() -> slots.flush(schedule.nowNanos()));
        }
    }

    void resend() {
        if (!paused) {
            run(copies::tick);
        }
    }

    void pause() {
        paused = true;
    }

    void goOn() {
        paused = false;
        while (!paused && !waiting.isEmpty()) {
            run(waiting.remove());
        }
    }

    void crash() {
        running = false;
        waiting.clear();
    }

    boolean serves(int slot) {
        return slots.roles().serves(slot);
    }

    NodeSlots slots() {
        return slots;
    }

    SlotCopies copies() {
        return copies;
    }

    MembershipView view() {
        return view;
    }

    @Override
    public Incarnation self() {
        return self;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public boolean isPaused() {
        return paused;
    }

    @Override
    public void onView(MembershipView newer) {
        run(() -> {
            view = newer;
            slots.onView(newer, schedule.nowNanos());
        });
    }

    @Override
    public void onTable(SlotTable table) {
        run(() -> slots.onTable(table, schedule.nowNanos()));
    }

    @Override
    public void onLeader(Optional<Incarnation> leader) {
        run(() -> slots.onLeader(leader, schedule.nowNanos()));
    }

    @Override
    public void onState(RegisterState state) {
        run(() -> slots.onRegister(state, schedule.nowNanos()));
    }

    @Override
    public void onProposed(boolean written) {
        run(() -> slots.onProposed(written));
    }

    @Override
    public void onConfirmed(long question) {
        run(() -> slots.onConfirmed(question));
    }

    @Override
    public void propose(SlotProposal proposal) {
        register.propose(this, proposal);
    }

    @Override
    public void confirmSlots(long question) {
        register.confirm(this, question);
    }
}
