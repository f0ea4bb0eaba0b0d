package io.meridianmq.core.interest;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The generations of a table by index, from their opening until their last entry has been swept. One writer; any thread
 * calls {@link #live}, within an epoch of {@link HolderSets}.
 *
 * <pre>
 *   open --> live --retire--> retired --beginRound--> swept --endRound, nothing left--> index free
 * </pre>
 */
final class Generations {

    static final int MAX = 4096;

    /** Those that readers take notice of. */
    private final AtomicReferenceArray<@Nullable Generation> live = new AtomicReferenceArray<>(MAX);

    private final HolderSets sets;
    private final BitSet used = new BitSet(MAX);
    /** To be swept from the next round on. */
    private final List<Generation> retired = new ArrayList<>();
    /** To be swept in this round. */
    private final List<Generation> swept = new ArrayList<>();

    private final BitSet sweptIndexes = new BitSet(MAX);

    Generations(HolderSets sets) {
        this.sets = sets;
    }

    /** Any thread: the generation with this index, or null if it is retired. */
    @Nullable
    Generation live(int index) {
        return live.getAcquire(index);
    }

    boolean isFull() {
        return used.cardinality() == MAX;
    }

    /** A new generation, live at once; there must be an index. */
    Generation open(Holder holder) {
        var index = used.nextClearBit(0);
        used.set(index);
        var generation = new Generation(index, holder);
        live.setRelease(index, generation);
        return generation;
    }

    /** Takes a generation out of readers' sight. */
    void retire(Generation generation) {
        sets.advanceEpoch();
        live.setRelease(generation.index, null);
        retired.add(generation);
    }

    /** Starts sweeping what has been retired. */
    void beginRound() {
        swept.addAll(retired);
        retired.forEach(generation -> sweptIndexes.set(generation.index));
        retired.clear();
    }

    /** All keys have been visited since the round began: frees the indexes that nothing names any more. */
    void endRound() {
        var freed = swept.removeIf(generation -> {
            var clean = generation.wildcards.isEmpty() && generation.groups.isEmpty();
            if (clean) {
                sweptIndexes.clear(generation.index);
                used.clear(generation.index);
            }
            return clean;
        });
        if (freed) {
            sets.advanceEpoch(); // Before an index is used again.
        }
    }

    boolean isSwept(int index) {
        return sweptIndexes.get(index);
    }

    /** Those to be swept in this round. */
    List<Generation> swept() {
        return swept;
    }

    /** Whether a round is needed or under way. */
    boolean isSweepNeeded() {
        return !swept.isEmpty() || !retired.isEmpty();
    }

    void forEachLive(Consumer<Generation> consumer) {
        for (var i = used.nextSetBit(0); i >= 0; i = used.nextSetBit(i + 1)) {
            var generation = live.get(i);
            if (generation != null) {
                consumer.accept(generation);
            }
        }
    }
}
