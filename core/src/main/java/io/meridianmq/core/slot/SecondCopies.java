package io.meridianmq.core.slot;

import static io.meridianmq.core.slot.SlotPlanner.NOBODY;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Who should have the second copy of each slot: nobody two copies, everybody equal shares, and the slots that one node serves
 * spread over all others, so that these take over equal parts when it ends.
 *
 * <p>The copies that there are stay where they are, except those that a node has beyond its share. Where the slots of a node
 * are spread unevenly by more than {@value #SLACK}, some more move, if that makes the whole more even.
 */
final class SecondCopies {

    private static final int SLACK = 1;
    private static final Deque<Integer> NONE = new ArrayDeque<>(0);

    private final int nodes;
    private final int[] serving;
    private final int[] holding;
    private final int[] underWay;
    private final BitSet frozen;
    private final int[] second;
    private final Shares shares;

    /** By serving node: its slots that wait for a copy. */
    private final List<BitSet> waiting = new ArrayList<>();

    private final int[] waitingOf;
    private int waitingCount;

    /** By pair: slots that have waited and of which the other node has a copy, or is about to have one. */
    private final Map<Integer, Deque<Integer>> homes = new HashMap<>();

    /** How many slots of one node have their copy at another: [serving node * nodes + other node]. */
    private final int[] pairs;

    private SecondCopies(int nodes, int[] serving, int[] holding, int[] underWay, BitSet frozen) {
        this.nodes = nodes;
        this.serving = serving;
        this.holding = holding;
        this.underWay = underWay;
        this.frozen = frozen;
        this.second = underWay.clone();
        this.shares = new Shares(nodes, slots().map(slot -> second[slot]));
        this.pairs = new int[nodes * nodes];
        this.waitingOf = new int[nodes];
        for (var node = 0; node < nodes; node++) {
            waiting.add(new BitSet(SlotHash.COUNT));
        }
        slots().forEach(slot -> {
            if (second[slot] == NOBODY) {
                await(slot);
            } else {
                pairs[pair(slot, second[slot])]++;
            }
        });
    }

    /**
     * Who should have the second copy of each slot.
     *
     * @param nodes how many have shares, at least 2
     * @param serving who will serve each slot: one of the nodes
     * @param holding who has a complete copy of each slot now, or nobody
     * @param underWay who will have it when what has begun is done, or nobody; never who serves the slot
     * @param frozen slots that stay as they are, and do not count
     */
    static int[] spread(int nodes, int[] serving, int[] holding, int[] underWay, BitSet frozen) {
        var least = new SecondCopies(nodes, serving, holding, underWay, frozen);
        least.releaseSurplus();
        least.giveOut();
        var evener = new SecondCopies(nodes, serving, holding, underWay, frozen);
        evener.releaseUneven();
        evener.releaseSurplus();
        evener.giveOut();
        return evener.unevenness() < least.unevenness() ? evener.second : least.second;
    }

    /**
     * The slots such that taking them from their holders one after the other evens out whom a holder shares its slots with;
     * first those that it shares with nobody.
     */
    static int[] inOrderOfRelease(int[] holders, int[] others, BitSet frozen) {
        var numbers = 2 + Math.max(max(holders), max(others));
        var seen = new int[numbers * numbers];
        var order = new long[SlotHash.COUNT];
        for (var slot = 0; slot < SlotHash.COUNT; slot++) {
            var nth = seen[(holders[slot] + 1) * numbers + others[slot] + 1]++;
            order[slot] = ((long) (others[slot] == NOBODY ? 0 : SlotHash.COUNT - nth) << Integer.SIZE) | slot;
        }
        Arrays.sort(order);
        return Arrays.stream(order)
                .mapToInt(key -> (int) key)
                .filter(slot -> !frozen.get(slot))
                .toArray();
    }

    private void releaseSurplus() {
        for (var slot : inOrderOfRelease(second, serving, frozen)) {
            if (second[slot] != NOBODY && shares.isOver(second[slot])) {
                release(slot);
            }
        }
    }

    private void releaseUneven() {
        var served = new int[nodes];
        slots().forEach(slot -> served[serving[slot]]++);
        for (var slot : inOrderOfRelease(second, serving, frozen)) {
            if (second[slot] != NOBODY
                    && pairs[pair(slot, second[slot])] > served[serving[slot]] / (nodes - 1) + 1 + SLACK) {
                release(slot);
            }
        }
    }

    private void release(int slot) {
        pairs[pair(slot, second[slot])]--;
        shares.move(second[slot], NOBODY);
        second[slot] = NOBODY;
        await(slot);
    }

    private void await(int slot) {
        waiting.get(serving[slot]).set(slot);
        waitingOf[serving[slot]]++;
        waitingCount++;
        addHome(slot, holding[slot]);
        addHome(slot, underWay[slot]);
    }

    private void addHome(int slot, int holder) {
        if (holder >= 0 && holder < nodes) {
            homes.computeIfAbsent(pair(slot, holder), _ -> new ArrayDeque<>()).add(slot);
        }
    }

    /**
     * Gives what waits to nodes that lack copies. It comes out even unless more of what is left has to do with one node, to
     * be given away for it or to it, than there is left in all; then some more is released.
     */
    private void giveOut() {
        while (waitingCount > 0) {
            var tightest = tightest();
            if (pressure(tightest) > waitingCount && releaseForeign(tightest)) {
                continue;
            }
            if (pressure(tightest) < waitingCount) {
                giveWhereItSpreadsBest();
            } else {
                giveFor(tightest);
            }
        }
    }

    private int pressure(int node) {
        return waitingOf[node] + shares.lack(node);
    }

    private int tightest() {
        var tightest = 0;
        for (var node = 1; node < nodes; node++) {
            if (pressure(node) > pressure(tightest)) {
                tightest = node;
            }
        }
        return tightest;
    }

    private boolean releaseForeign(int tightest) {
        var foreign = slots().filter(slot -> serving[slot] != tightest)
                .filter(slot -> second[slot] != NOBODY && second[slot] != tightest)
                .findFirst();
        foreign.ifPresent(this::release);
        return foreign.isPresent();
    }

    private void giveWhereItSpreadsBest() {
        var owner = longestWaiting(NOBODY);
        var best = NOBODY;
        for (var node = 0; node < nodes; node++) {
            if (node != owner && shares.lack(node) > 0 && (best == NOBODY || isBetter(owner, node, best))) {
                best = node;
            }
        }
        give(owner, best);
    }

    private boolean isBetter(int owner, int node, int best) {
        var byPairs = Integer.compare(pairs[owner * nodes + node], pairs[owner * nodes + best]);
        return byPairs < 0 || (byPairs == 0 && shares.lack(node) > shares.lack(best));
    }

    /** All that is left to give is of this node's slots, or has to go to this node. */
    private void giveFor(int node) {
        if (waitingOf[node] == 0) {
            give(longestWaiting(node), node);
            return;
        }
        var best = NOBODY;
        for (var other = 0; other < nodes; other++) {
            if (other != node && (best == NOBODY || needsMore(other, best))) {
                best = other;
            }
        }
        give(node, best);
    }

    private boolean needsMore(int node, int best) {
        var lacks = Boolean.compare(shares.lack(node) > 0, shares.lack(best) > 0);
        return lacks > 0 || (lacks == 0 && pressure(node) > pressure(best));
    }

    private int longestWaiting(int except) {
        var longest = NOBODY;
        for (var node = 0; node < nodes; node++) {
            if (node != except && waitingOf[node] > 0 && (longest == NOBODY || waitingOf[node] > waitingOf[longest])) {
                longest = node;
            }
        }
        return longest;
    }

    private void give(int owner, int node) {
        var slot = take(owner, node);
        waiting.get(owner).clear(slot);
        waitingOf[owner]--;
        waitingCount--;
        second[slot] = node;
        shares.move(NOBODY, node);
        pairs[pair(slot, node)]++;
    }

    /** Rather a slot of which the node has a copy, or is about to have one. */
    private int take(int owner, int node) {
        var candidates = homes.getOrDefault(owner * nodes + node, NONE);
        var slot = candidates.isEmpty() ? NOBODY : candidates.remove();
        while (slot != NOBODY && !waiting.get(owner).get(slot)) {
            slot = candidates.isEmpty() ? NOBODY : candidates.remove();
        }
        return slot == NOBODY ? waiting.get(owner).nextSetBit(0) : slot;
    }

    /** The sum of the squares of how many slots each two nodes share: least when all share the same number. */
    private long unevenness() {
        return Arrays.stream(pairs).mapToLong(count -> (long) count * count).sum();
    }

    private int pair(int slot, int other) {
        return serving[slot] * nodes + other;
    }

    private IntStream slots() {
        return IntStream.range(0, SlotHash.COUNT).filter(slot -> !frozen.get(slot));
    }

    private static int max(int[] numbers) {
        return Arrays.stream(numbers).max().orElse(NOBODY);
    }
}
