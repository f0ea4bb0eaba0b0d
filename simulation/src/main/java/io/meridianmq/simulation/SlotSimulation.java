package io.meridianmq.simulation;

import com.google.common.base.Throwables;
import io.meridianmq.core.link.SlotMessage;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.slot.SlotHash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The slots of one zone, run from a seed: nodes crash, return, drain and are paused for longer than their lease; links are
 * cut; the register is away for one of them or for all; everybody hears of everything at another time. Meanwhile owners of
 * slots do things, and in the end what they did must be there, and everybody must agree.
 */
public final class SlotSimulation {

    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    private static final long TICK_NANOS = 20 * MILLI;
    private static final long RESEND_NANOS = 200 * MILLI;
    private static final long LOOK_NANOS = SECOND;
    private static final double LOSS_RATE = 0.01;

    private final Random random;
    private final int nodeCount;
    private final SlotBug bug;
    private final Schedule schedule = new Schedule();
    private final SlotLedger ledger = new SlotLedger(schedule, this::running);
    private final SimulatedRegister register;
    private final TreeMap<Place, SlotNode> nodes = new TreeMap<>();
    private final Map<List<Place>, Long> cutUntilNanos = new HashMap<>();
    private long nextBoot = 1;
    private long nextNumber;

    /**
     * How a run went.
     *
     * @param done things that owners called done
     * @param lost slots of which every copy was gone, once for each time
     * @param tables written
     */
    public record Outcome(List<Violation> violations, long done, long lost, long tables) {}

    private SlotSimulation(long seed, int nodeCount, SlotBug bug) {
        this.random = new Random(seed);
        this.nodeCount = nodeCount;
        this.bug = bug;
        this.register = new SimulatedRegister(schedule, random, bug != SlotBug.REGISTER_COMPARES_NOTHING, ledger);
        ledger.watch(register);
    }

    /** Runs one seed. The same arguments always give the same outcome. */
    public static Outcome run(long seed, int nodes, SlotBug bug) {
        var simulation = new SlotSimulation(seed, nodes, bug);
        try {
            simulation.play();
        } catch (RuntimeException | AssertionError broken) {
            simulation.ledger.violate("no-exception", Throwables.getStackTraceAsString(broken));
        }
        var ledger = simulation.ledger;
        return new Outcome(ledger.violations(), ledger.doneCount(), ledger.lostCount(), ledger.tables());
    }

    private void play() {
        for (var number = 1; number <= nodeCount; number++) {
            start(Place.node("us", "a", String.valueOf(number)));
        }
        everyTick();
        everyResend();
        everyLook();
        schedule.run(3 * SECOND);
        var end = schedule.nowNanos() + 45 * SECOND;
        while (schedule.nowNanos() < end) {
            schedule.run(random.nextLong(60 * MILLI));
            disturb();
        }
        register.heal();
        cutUntilNanos.clear();
        nodes.keySet().forEach(place -> register.setDraining(place, false));
        schedule.run(45 * SECOND);
        checkRest();
    }

    // ---- What happens

    private void disturb() {
        var dice = random.nextInt(1_000);
        if (dice < 960) {
            act();
        } else if (dice < 970) {
            crash(victim());
        } else if (dice < 980) {
            pause(victim(), random.nextLong(20 * SECOND));
        } else if (dice < 982) {
            register.goAway(random.nextLong(20 * SECOND));
        } else if (dice < 986) {
            register.cutOff(victim().self().place(), random.nextLong(15 * SECOND));
        } else if (dice < 994) {
            cutUntilNanos.put(
                    wire(any().self().place(), any().self().place()),
                    schedule.nowNanos() + random.nextLong(5 * SECOND));
        } else {
            register.setDraining(any().self().place(), random.nextBoolean());
        }
    }

    private void act() {
        var slot = random.nextInt(SlotHash.COUNT / SlotCopies.EVERY) * SlotCopies.EVERY;
        var number = nextNumber++;
        for (var node : nodes.values()) {
            if (node.isRunning() && !node.isPaused()) {
                node.run(() -> node.copies().add(slot, number));
            }
        }
    }

    private void start(Place place) {
        var self = new Incarnation(place, nextBoot++);
        var node = new SlotNode(
                self, schedule, register, bug, (to, message) -> tell(self, to, message), new Mail(self), ledger);
        nodes.put(place, node);
        register.connect(node);
    }

    private void crash(SlotNode node) {
        if (!node.isRunning() || isSpared()) {
            return;
        }
        node.crash();
        schedule.after(random.nextLong(12 * SECOND), () -> start(node.self().place()));
    }

    private void pause(SlotNode node, long nanos) {
        if (!isWell(node) || isSpared()) {
            return;
        }
        node.pause();
        schedule.after(nanos, node::goOn);
    }

    /** Mostly one is hit at a time, since what is kept twice survives that. */
    private boolean isSpared() {
        return nodes.values().stream().anyMatch(other -> !isWell(other)) && random.nextInt(8) > 0;
    }

    private static boolean isWell(SlotNode node) {
        return node.isRunning() && !node.isPaused();
    }

    private void everyTick() {
        nodes.values().forEach(SlotNode::flush);
        schedule.after(TICK_NANOS, this::everyTick);
    }

    private void everyResend() {
        nodes.values().forEach(SlotNode::resend);
        schedule.after(RESEND_NANOS, this::everyResend);
    }

    /** Whoever is left out by a view that is no older than its own is told so by its neighbours. */
    private void everyLook() {
        for (var one : nodes.values()) {
            for (var other : nodes.values()) {
                if (!one.equals(other)
                        && isWell(one)
                        && one.view().revision() >= other.view().revision()
                        && one.view()
                                .member(other.self().place())
                                .filter(member -> member.incarnation().equals(other.self()))
                                .isEmpty()) {
                    send(one.self(), other.self(), left -> left.slots().suspend(schedule.nowNanos()));
                }
            }
        }
        schedule.after(LOOK_NANOS, this::everyLook);
    }

    // ---- What goes between nodes

    private void tell(Incarnation from, Place to, SlotMessage message) {
        switch (message) {
            case SlotMessage.Filled filled ->
                Optional.ofNullable(nodes.get(to))
                        .ifPresent(node ->
                                send(from, node.self(), leader -> leader.slots().onFilled(from, filled)));
            default -> throw new IllegalStateException("only slots are simulated here: " + message);
        }
    }

    private void send(Incarnation from, Incarnation to, Consumer<SlotNode> message) {
        if (cutUntilNanos.getOrDefault(wire(from.place(), to.place()), 0L) > schedule.nowNanos()
                || random.nextDouble() < LOSS_RATE) {
            return;
        }
        schedule.after(
                MILLI / 10 + random.nextLong(2 * MILLI),
                () -> running(to).ifPresent(node -> node.run(() -> message.accept(node))));
    }

    private static List<Place> wire(Place one, Place other) {
        return one.compareTo(other) < 0 ? List.of(one, other) : List.of(other, one);
    }

    private final class Mail implements SlotCopies.Mail {

        private final Incarnation self;

        Mail(Incarnation self) {
            this.self = self;
        }

        @Override
        public void send(Incarnation to, int slot, long epoch, Set<Long> numbers) {
            SlotSimulation.this.send(
                    self, to, node -> node.copies().onNumbers(node.slots(), self, slot, epoch, numbers));
        }

        @Override
        public void acknowledge(Incarnation to, int slot, long epoch, Set<Long> numbers) {
            SlotSimulation.this.send(
                    self, to, node -> node.copies().onAcknowledged(node.slots(), self, slot, epoch, numbers));
        }
    }

    private Optional<SlotNode> running(Incarnation who) {
        return Optional.ofNullable(nodes.get(who.place()))
                .filter(node -> node.isRunning() && node.self().equals(who));
    }

    /** Often the leader: it is the one whose end, or whose old news, could do harm. */
    private SlotNode victim() {
        return Optional.of(random.nextInt(3))
                .filter(dice -> dice == 0)
                .flatMap(_ -> register.leader())
                .flatMap(this::running)
                .orElseGet(this::any);
    }

    private SlotNode any() {
        var all = new ArrayList<>(nodes.values());
        return all.get(random.nextInt(all.size()));
    }

    // ---- What must hold at rest

    private void checkRest() {
        ledger.checkKept();
        var table = register.table();
        var filling = table.slots().stream()
                .filter(slot -> slot.joining().isPresent())
                .toList();
        if (!filling.isEmpty()) {
            ledger.violate("balanced", filling.size() + " slots are still being copied, such as " + filling.getFirst());
        }
        for (var node : nodes.values()) {
            var figures = node.slots().figures();
            if (figures.tableVersion() != table.version() || figures.suspended() || figures.unowned() > 0) {
                ledger.violate("agreed", node.self() + " is at " + figures + ", the table at " + table.version());
            }
            for (var slot : node.copies().slots()) {
                var now = table.slot(slot);
                if (!now.isOwnedBy(node.self()) && !now.isCopiedTo(node.self())) {
                    ledger.violate("no-leak", node.self() + " still has a copy of slot " + slot + ": " + now);
                }
            }
            var share = SlotHash.COUNT / nodeCount;
            if (figures.owned() < share || figures.owned() > share + 1) {
                ledger.violate("balanced", node.self() + " owns " + figures.owned() + " of " + share);
            }
            if (nodeCount > 1 && (figures.standby() < share - 1 || figures.standby() > share + 2)) {
                ledger.violate("balanced", node.self() + " keeps " + figures.standby() + " of " + share);
            }
            if (figures.leads() != register.leader().filter(node.self()::equals).isPresent()) {
                ledger.violate("one-leader", node.self() + " thinks that it leads: " + figures.leads());
            }
        }
    }
}
