package io.meridianmq.simulation;

import io.meridianmq.core.mesh.NodeSlots;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.slot.Slot;
import io.meridianmq.core.slot.SlotContents;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/**
 * The simplest contents of slots that can lose something: a set of numbers for each. An owner adds one and, when every copy
 * that counts has it, calls that done. Only some slots have contents, to save time.
 */
final class SlotCopies implements SlotContents {

    /** One slot in so many has contents. */
    static final int EVERY = 64;

    /** Sends something to another node, which may get lost. */
    interface Mail {
        void send(Incarnation to, int slot, long epoch, Set<Long> numbers);

        void acknowledge(Incarnation to, int slot, long epoch, Set<Long> numbers);
    }

    /** Told what an owner calls done. */
    interface Auditor {
        void done(int slot, long epoch, long number, Incarnation owner);
    }

    private static final class Owned {
        private Slot now;
        private final Map<Incarnation, Set<Long>> held = new HashMap<>();
        private final Set<Long> pending = new TreeSet<>();
        private Optional<Incarnation> complete = Optional.empty();

        Owned(Slot now) {
            this.now = now;
        }

        /** What somebody held who was no copy in between, or was made one anew, is void. */
        void moveTo(Slot newer) {
            var kept = new HashSet<Incarnation>();
            newer.standby().filter(now::isCopiedTo).ifPresent(kept::add);
            newer.joining().filter(who -> now.joining().equals(newer.joining())).ifPresent(kept::add);
            held.keySet().retainAll(kept);
            complete =
                    complete.filter(who -> newer.joining().filter(who::equals).isPresent());
            now = newer;
        }

        Set<Long> heldBy(Incarnation who) {
            return held.computeIfAbsent(who, _ -> new HashSet<>());
        }
    }

    private final Incarnation self;
    private final SlotBug bug;
    private final IntPredicate mayAct;
    private final Mail mail;
    private final Auditor auditor;
    private final Map<Integer, Set<Long>> numbers = new TreeMap<>();
    private final Map<Integer, Owned> owned = new TreeMap<>();

    /** The owner that each copy here was made for: it takes nothing from another one before it has been told to. */
    private final Map<Integer, Incarnation> followed = new TreeMap<>();

    /** @param mayAct whether the node may act as the owner of a slot now */
    SlotCopies(Incarnation self, SlotBug bug, IntPredicate mayAct, Mail mail, Auditor auditor) {
        this.self = self;
        this.bug = bug;
        this.mayAct = mayAct;
        this.mail = mail;
        this.auditor = auditor;
    }

    /** The owner adds a number. */
    void add(int slot, long number) {
        var mine = owned.get(slot);
        if (mine == null || !mayAct.test(slot)) {
            return;
        }
        numbers(slot).add(number);
        mine.pending.add(number);
        mine.now.standby().ifPresent(standby -> mail.send(standby, slot, mine.now.epoch(), Set.of(number)));
        mine.complete.ifPresent(joining -> mail.send(joining, slot, mine.now.epoch(), Set.of(number)));
        settle(slot, mine);
    }

    /** Sends again what copies may not have. */
    void tick() {
        owned.forEach((slot, mine) -> {
            if (mayAct.test(slot)) {
                settle(slot, mine);
                mine.now.standby().ifPresent(standby -> sendMissing(standby, slot, mine));
                mine.now.joining().ifPresent(joining -> sendMissing(joining, slot, mine));
            }
        });
    }

    /** An owner says what it has. */
    void onNumbers(NodeSlots slots, Incarnation from, int slot, long epoch, Set<Long> told) {
        var known = slots.roles().table().slot(slot);
        var isHis = known.epoch() == epoch
                && known.isOwnedBy(from)
                && known.isCopiedTo(self)
                && from.equals(followed.get(slot));
        if ((isHis && !slots.roles().isSuspended()) || bug == SlotBug.EPOCH_NOT_COMPARED) {
            numbers(slot).addAll(told);
            mail.acknowledge(from, slot, epoch, told);
        }
    }

    /** A copy says what it has. */
    void onAcknowledged(NodeSlots slots, Incarnation from, int slot, long epoch, Set<Long> held) {
        var mine = owned.get(slot);
        if (mine == null || mine.now.epoch() != epoch || !slots.roles().serves(slot)) {
            return;
        }
        mine.heldBy(from).addAll(held);
        settle(slot, mine);
    }

    boolean holds(int slot, long number) {
        return numbers.getOrDefault(slot, Set.of()).contains(number);
    }

    /** Slots of which it has anything. */
    Set<Integer> slots() {
        return numbers.keySet();
    }

    @Override
    public void serve(int slot, Slot now, boolean continued) {
        followed.remove(slot);
        if (counts(slot)) {
            owned.put(slot, new Owned(now));
        }
    }

    @Override
    public void copiesMoved(int slot, Slot now) {
        var mine = owned.get(slot);
        if (mine != null) {
            mine.moveTo(now);
            settle(slot, mine);
        }
    }

    @Override
    public void follow(int slot, Slot now) {
        owned.remove(slot);
        now.owner().ifPresent(owner -> followed.put(slot, owner));
    }

    @Override
    public void release(int slot) {
        owned.remove(slot);
        followed.remove(slot);
        numbers.remove(slot);
    }

    @Override
    public boolean isComplete(int slot, Slot now) {
        var mine = owned.get(slot);
        if (mine == null || bug == SlotBug.COPY_COMPLETE_AT_ONCE) {
            return true;
        }
        if (now.joining()
                .filter(joining -> mine.heldBy(joining).containsAll(numbers(slot)))
                .isPresent()) {
            mine.complete = now.joining(); // From here on everything waits for it.
        }
        return mine.complete.isPresent();
    }

    /** What every copy that counts has is done. */
    private void settle(int slot, Owned mine) {
        if (!mayAct.test(slot)) {
            return;
        }
        var required = new HashSet<Incarnation>();
        mine.now.standby().ifPresent(required::add);
        mine.complete.ifPresent(required::add);
        mine.pending.removeIf(number -> {
            var everywhere = required.stream().allMatch(who -> mine.heldBy(who).contains(number));
            if (everywhere) {
                auditor.done(slot, mine.now.epoch(), number, self);
            }
            return everywhere;
        });
    }

    private void sendMissing(Incarnation to, int slot, Owned mine) {
        var missing = new TreeSet<>(numbers(slot));
        missing.removeAll(mine.heldBy(to));
        if (!missing.isEmpty()) {
            mail.send(to, slot, mine.now.epoch(), missing);
        }
    }

    private Set<Long> numbers(int slot) {
        return numbers.computeIfAbsent(slot, _ -> new TreeSet<>());
    }

    static boolean counts(int slot) {
        return slot % EVERY == 0;
    }
}
