package io.meridianmq.broker.claim;

import io.meridianmq.broker.loop.HandOff;
import io.meridianmq.broker.loop.Loops;
import io.meridianmq.core.claim.ClaimSettings;
import io.meridianmq.core.link.DueWill;
import io.meridianmq.core.mesh.NodeClaims;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.slot.SlotRoles;
import io.meridianmq.core.slot.SlotSettings;
import io.meridianmq.core.slot.SlotTable;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The claims of a node on its own, which owns every slot and has nobody to talk to. */
public final class StandaloneClaims implements ClaimThread {

    private final Executor turns;
    private final LongSupplier nanoClock;
    private final ClaimEffects effects;
    private final HandOff toLoops;
    private final NodeClaims claims;
    private Optional<ClaimMeters> meters = Optional.empty();

    /**
     * @param turns runs tasks one at a time, which the claims belong to
     * @param nanoClock monotonic
     */
    public StandaloneClaims(
            Incarnation self, Executor turns, Loops loops, ClaimEffects effects, LongSupplier nanoClock) {
        this.turns = turns;
        this.nanoClock = nanoClock;
        this.effects = effects;
        this.toLoops = HandOff.ofOtherThread(loops, turns);
        var table = SlotTable.ofOne(self);
        var nowNanos = nanoClock.getAsLong();
        this.claims = new NodeClaims(self, ClaimSettings.DEFAULT, effects, (_, _) -> {}, () -> false, nowNanos);
        new SlotRoles(self, SlotSettings.DEFAULT, List.of(claims)).onTable(table, nowNanos);
        claims.onSlots(table, nowNanos);
    }

    @Override
    public void execute(Task task) {
        turns.execute(() -> run(task));
    }

    @Override
    public HandOff toLoops() {
        return toLoops;
    }

    @Override
    public void connect(Consumer<DueWill> wills, KeptSessions sessions) {
        execute((_, nowNanos) -> {
            effects.connect(wills, sessions);
            claims.announce(nowNanos);
        });
    }

    /** Keeps its figures in meters, brought up to date with each {@link #tick}. */
    public StandaloneClaims measuredBy(ClaimMeters newMeters) {
        meters = Optional.of(newMeters);
        return this;
    }

    /** Does what is due; to be called a few times a second. Any thread. */
    public void tick() {
        execute((_, _) -> meters.ifPresent(present -> present.update(claims.figures())));
    }

    private void run(Task task) {
        var nowNanos = nanoClock.getAsLong();
        task.run(claims, nowNanos);
        claims.flush(nowNanos);
        toLoops.flush();
    }
}
