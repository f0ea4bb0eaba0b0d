package io.meridianmq.broker.loop;

import java.util.List;

/** The loops of a node, numbered from 0. Any thread. */
public final class Loops {

    private final List<Loop> loops;

    public Loops(List<Loop> loops) {
        this.loops = List.copyOf(loops);
        for (var i = 0; i < loops.size(); i++) {
            if (loops.get(i).index() != i) {
                throw new IllegalArgumentException("loop " + loops.get(i).index() + " is at position " + i);
            }
        }
    }

    public int count() {
        return loops.size();
    }

    public Loop get(int index) {
        return loops.get(index);
    }

    public List<Loop> all() {
        return loops;
    }
}
