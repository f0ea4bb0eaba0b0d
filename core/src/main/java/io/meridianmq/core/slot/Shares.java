package io.meridianmq.core.slot;

import static io.meridianmq.core.slot.SlotPlanner.NOBODY;

import java.util.Comparator;
import java.util.stream.IntStream;

/** How many of a number of things each node has, and how many it should have: as many as every other one, give or take one. */
final class Shares {

    private final int[] held;
    private final int[] due;

    /** @param holders node by thing; {@link SlotPlanner#NOBODY} or a number beyond the nodes for what is to be given away */
    Shares(int nodes, IntStream holders) {
        held = new int[nodes];
        due = new int[nodes];
        var total = holders.map(this::count).sum();
        // Those who have most have the one more, so that as little as possible moves.
        var byHeld = IntStream.range(0, nodes)
                .boxed()
                .sorted(Comparator.comparingInt((Integer node) -> -held[node]).thenComparingInt(node -> node))
                .toList();
        for (var rank = 0; rank < nodes; rank++) {
            due[byHeld.get(rank)] = total / nodes + (rank < total % nodes ? 1 : 0);
        }
    }

    private int count(int holder) {
        if (isNode(holder)) {
            held[holder]++;
        }
        return 1;
    }

    boolean isNode(int holder) {
        return holder >= 0 && holder < held.length;
    }

    /** How many more a node should have; 0 for whoever is to have none. */
    int lack(int node) {
        return isNode(node) ? Math.max(0, due[node] - held[node]) : 0;
    }

    /** Whether a holder has more than it should: whoever is not to have any always has. */
    boolean isOver(int holder) {
        return !isNode(holder) || held[holder] > due[holder];
    }

    /** One thing goes from one holder to another. */
    void move(int from, int to) {
        if (isNode(from)) {
            held[from]--;
        }
        if (isNode(to)) {
            held[to]++;
        }
    }

    /** The node that lacks most; nobody if none lacks any. */
    int neediest() {
        var neediest = NOBODY;
        for (var node = 0; node < held.length; node++) {
            if (lack(node) > lack(neediest)) {
                neediest = node;
            }
        }
        return neediest;
    }
}
