package io.meridianmq.core.slot;

import static io.meridianmq.core.slot.SlotPlanner.NOBODY;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Who should serve each slot in the end, and who should have its second copy: equal shares of both, reached from where things
 * stand with as little movement as possible.
 *
 * <p>Nodes are numbers. Those from 0 to {@code nodes - 1} are to have shares; higher ones are to have nothing. Who serves is
 * decided first. A slot stays unless its node has too many; what can move without a new copy moves first, then what is on its
 * way already, then what has no second copy. {@link SecondCopies} follow.
 */
final class SlotTargets {

    private final int nodes;
    private final int[] owners;
    private final int[] standbys;
    private final int[] joinings;
    private final int[] returned;
    private final BitSet frozen;
    private final int[] serving = new int[SlotHash.COUNT];

    /**
     * @param nodes how many are to have shares, at least 1
     * @param owners who serves each slot now, or nobody; the same for the other arrays
     * @param returned who should rather have a slot than somebody else if nobody has a copy
     * @param frozen slots that stay as they are, and do not count
     */
    SlotTargets(int nodes, int[] owners, int[] standbys, int[] joinings, int[] returned, BitSet frozen) {
        this.nodes = nodes;
        this.owners = owners;
        this.standbys = standbys;
        this.joinings = joinings;
        this.returned = returned;
        this.frozen = frozen;
    }

    /** Who should serve each slot. */
    int[] owners() {
        System.arraycopy(owners, 0, serving, 0, serving.length);
        var shares = new Shares(nodes, slots().map(slot -> serving[slot]));
        for (var preferred : List.of(standbys, joinings, returned)) {
            slots().filter(slot -> shares.isOver(serving[slot]) && shares.lack(preferred[slot]) > 0)
                    .forEach(slot -> give(slot, preferred[slot], shares));
        }
        slots().filter(slot -> !shares.isNode(serving[slot])).forEach(slot -> give(slot, shares.neediest(), shares));
        for (var slot : SecondCopies.inOrderOfRelease(serving, standbys, frozen)) {
            if (shares.isOver(serving[slot])) {
                give(slot, shares.neediest(), shares);
            }
        }
        return serving;
    }

    /** After {@link #owners}: who should have the second copy of each; nobody if there is only one node. */
    int[] standbys() {
        if (nodes == 1) {
            var nobody = new int[SlotHash.COUNT];
            Arrays.fill(nobody, NOBODY);
            return nobody;
        }
        var underWay = new int[SlotHash.COUNT];
        Arrays.setAll(underWay, slot -> frozen.get(slot) ? NOBODY : underWay(slot));
        return SecondCopies.spread(nodes, serving, standbys, underWay, frozen);
    }

    private void give(int slot, int node, Shares shares) {
        shares.move(serving[slot], node);
        serving[slot] = node;
    }

    /** Who will have the second copy when what has begun is done, and the slot is served by whom it should be. */
    private int underWay(int slot) {
        if (owners[slot] != NOBODY && owners[slot] != serving[slot]) {
            return isNode(owners[slot]) ? owners[slot] : NOBODY; // It hands over, and keeps its copy.
        }
        if (isNode(joinings[slot]) && joinings[slot] != serving[slot]) {
            return joinings[slot];
        }
        return isNode(standbys[slot]) && standbys[slot] != serving[slot] ? standbys[slot] : NOBODY;
    }

    private boolean isNode(int holder) {
        return holder >= 0 && holder < nodes;
    }

    private IntStream slots() {
        return IntStream.range(0, SlotHash.COUNT).filter(slot -> !frozen.get(slot));
    }
}
