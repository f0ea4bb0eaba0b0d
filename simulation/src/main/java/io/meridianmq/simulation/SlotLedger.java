package io.meridianmq.simulation;

import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.slot.Slot;
import io.meridianmq.core.slot.SlotHash;
import io.meridianmq.core.slot.SlotSettings;
import io.meridianmq.core.slot.SlotTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What was written and done in a run of slots, and the verdict over it: epochs only grow and have one owner each; only who has
 * everything takes over while there is somebody who has; and what an owner calls done every later owner has.
 */
final class SlotLedger implements SimulatedRegister.Auditor, SlotCopies.Auditor {

    private static final long SECOND = 1_000_000_000L;

    /** So late may one that is not cut off hear of something: longer than news takes in the register's connections. */
    private static final long STALE_NANOS = 4 * SECOND;

    private final Schedule schedule;
    private final Function<Incarnation, Optional<SlotNode>> running;
    private final List<Violation> violations = new ArrayList<>();
    private final Map<Integer, Set<Long>> done = new TreeMap<>();
    private final Map<Integer, Long> lostAtEpoch = new TreeMap<>();
    private final Map<Integer, Long> ownerSinceNanos = new TreeMap<>();
    private Optional<SimulatedRegister> register = Optional.empty();
    private long doneCount;
    private long lostCount;
    private long tables;

    /** @param running a node, if it has not crashed */
    SlotLedger(Schedule schedule, Function<Incarnation, Optional<SlotNode>> running) {
        this.schedule = schedule;
        this.running = running;
    }

    void watch(SimulatedRegister watched) {
        register = Optional.of(watched);
    }

    List<Violation> violations() {
        return violations;
    }

    long doneCount() {
        return doneCount;
    }

    /** Slots of which every copy was gone, once for each time. */
    long lostCount() {
        return lostCount;
    }

    long tables() {
        return tables;
    }

    @Override
    public void written(SlotTable before, SlotTable after, Incarnation by) {
        tables++;
        if (after.version() != before.version() + 1) {
            violate("one-leader", by + " wrote version " + after.version() + " after " + before.version());
        }
        for (var slot = 0; slot < SlotHash.COUNT; slot++) {
            var was = before.slot(slot);
            var is = after.slot(slot);
            if (was.owner().equals(is.owner()) ? is.epoch() != was.epoch() : is.epoch() != was.epoch() + 1) {
                violate("epochs-grow", "slot " + slot + " went from " + was + " to " + is);
                return;
            }
            if (!was.owner().equals(is.owner())) {
                ownerSinceNanos.put(slot, schedule.nowNanos());
                changedOwner(slot, was, is, by);
            } else if (is.standby().isEmpty()
                    && was.standby().filter(this::isKnownToBeThere).isPresent()) {
                violate("standby-is-kept", "slot " + slot + " went from " + was + " to " + is);
            }
        }
    }

    private void changedOwner(int slot, Slot was, Slot is, Incarnation by) {
        if (was.owner().isEmpty() || is.standby().equals(was.owner())) {
            return; // The first one, or handed over: the register's own check is what the copies say.
        }
        var inDoubt = schedule.nowNanos() - watched().toldReturnedNanos(by)
                < SlotSettings.DEFAULT.lease().toNanos() * 2;
        if (inDoubt && !watched().hasReplaced(was.owner().get())) {
            violate("nobody-promoted-in-doubt", "slot " + slot + " went from " + was + " to " + is);
        }
        if (is.owner().equals(was.standby())) {
            return;
        }
        var successor = is.owner().flatMap(running);
        if (is.owner().equals(was.joining())
                && (successor.isEmpty()
                        || successor.filter(node -> hasAll(node, slot)).isPresent())) {
            return; // It had been called complete just before, and rightly so; or nobody can tell any more.
        }
        if (was.owner().filter(this::isKnownToBeThere).isPresent()
                || was.standby().filter(this::isKnownToBeThere).isPresent()) {
            violate("only-complete-copies-own", "slot " + slot + " went from " + was + " to " + is);
        }
        lostAtEpoch.put(slot, is.epoch());
        lostCount++;
        done.remove(slot);
    }

    private boolean isKnownToBeThere(Incarnation who) {
        return watched().hasListed(who, STALE_NANOS);
    }

    private boolean hasAll(SlotNode node, int slot) {
        return done.getOrDefault(slot, Set.of()).stream()
                .allMatch(number -> node.copies().holds(slot, number));
    }

    @Override
    public void done(int slot, long epoch, long number, Incarnation owner) {
        doneCount++;
        var now = watched().table().slot(slot);
        if (epoch > now.epoch() || (epoch == now.epoch() && !now.isOwnedBy(owner))) {
            violate("one-owner", owner + " did something as owner of slot " + slot + " at epoch " + epoch + ": " + now);
        }
        if (epoch < lostAtEpoch.getOrDefault(slot, 0L)) {
            checkStale(slot, epoch, owner, now);
            return;
        }
        if (epoch < now.epoch()) {
            checkStale(slot, epoch, owner, now);
            now.owner().flatMap(running).ifPresent(successor -> {
                if (!successor.copies().holds(slot, number)) {
                    violate(
                            "fenced",
                            owner + ", of epoch " + epoch + ", did #" + number + " in slot " + slot
                                    + " without its successor: " + now);
                }
            });
        }
        done.computeIfAbsent(slot, _ -> new TreeSet<>()).add(number);
    }

    private void checkStale(int slot, long epoch, Incarnation owner, Slot now) {
        var staleNanos = schedule.nowNanos() - ownerSinceNanos.getOrDefault(slot, 0L);
        if (staleNanos >= STALE_NANOS && watched().isOpenFor(owner.place())) {
            violate(
                    "no-zombie",
                    owner + " acts in slot " + slot + " at epoch " + epoch + " " + staleNanos / SECOND
                            + " s after it was replaced: " + now);
        }
    }

    /** When everything is at rest: every owner has all that was ever done. */
    void checkKept() {
        done.forEach((slot, numbers) -> {
            var owner = watched().table().owner(slot).flatMap(running);
            numbers.forEach(number -> {
                if (owner.filter(node -> node.copies().holds(slot, number)).isEmpty()) {
                    violate(
                            "acked-is-kept",
                            "slot " + slot + " has lost #" + number + ": "
                                    + watched().table().slot(slot));
                }
            });
        });
    }

    void violate(String invariant, String what) {
        if (violations.size() < 10) {
            violations.add(new Violation(invariant, what + " (at " + schedule.nowMillis() + " ms)"));
        }
    }

    private SimulatedRegister watched() {
        return register.orElseThrow();
    }
}
