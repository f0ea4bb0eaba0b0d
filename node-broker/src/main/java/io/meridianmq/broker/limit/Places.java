package io.meridianmq.broker.limit;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/** Places for connections, of which there are only so many. Any thread. */
public final class Places {

    private final IntSupplier max;
    private final AtomicInteger taken = new AtomicInteger();

    /** @param max asked for each new connection; a lower one ends none that there is */
    public Places(IntSupplier max) {
        this.max = max;
    }

    /** Takes a place, which {@link #giveBack} gives back; false if there is none. */
    boolean tryTake() {
        if (taken.incrementAndGet() <= max.getAsInt()) {
            return true;
        }
        taken.decrementAndGet();
        return false;
    }

    void giveBack() {
        var left = taken.decrementAndGet();
        assert left >= 0;
    }

    int taken() {
        return taken.get();
    }
}
