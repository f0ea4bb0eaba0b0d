package io.meridianmq.simulation;

import io.meridianmq.core.publication.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Where one start of a node keeps what its durable subscribers get. One batch is written at a time, and takes a while; what is
 * not written when the node crashes is lost. Now and then it is full, and keeps nothing of a batch.
 */
final class SimulatedDisk {

    private static final long MILLI = 1_000_000L;

    private record Write(Publication publication, Consumer<Boolean> onAnswer) {}

    private final Schedule schedule;
    private final Random random;
    private final BooleanSupplier mayBeFull;
    private List<Write> open = new ArrayList<>();
    private boolean isUnderWay;
    private boolean isLost;

    SimulatedDisk(Schedule schedule, Random random, BooleanSupplier mayBeFull) {
        this.schedule = schedule;
        this.random = random;
        this.mayBeFull = mayBeFull;
    }

    /** @param onAnswer told, later, whether the publication is kept; its bytes are there until then */
    void write(Publication publication, Consumer<Boolean> onAnswer) {
        open.add(new Write(publication.share(), onAnswer));
        if (!isUnderWay) {
            commit();
        }
    }

    /** The node is killed. */
    void crash() {
        isLost = true;
    }

    private void commit() {
        var batch = open;
        open = new ArrayList<>();
        isUnderWay = true;
        schedule.after(5 * MILLI + random.nextLong(60 * MILLI), () -> {
            if (!isLost) {
                answer(batch);
            }
        });
    }

    private void answer(List<Write> batch) {
        var isKept = random.nextInt(20) != 0 || !mayBeFull.getAsBoolean();
        isUnderWay = false;
        for (var write : batch) {
            write.onAnswer.accept(isKept);
            write.publication.release();
        }
        if (!isUnderWay && !open.isEmpty()) {
            commit();
        }
    }
}
