package io.meridianmq.broker.limit;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;

/** How many connections the node has at once, whether they have sent CONNECT or not. Any thread. */
public final class ConnectionLimit {

    private final IntSupplier max;
    private final AtomicInteger open = new AtomicInteger();
    private final LongAdder refused = new LongAdder();

    /** @param max asked for each new connection; a lower one ends none that there is */
    public ConnectionLimit(IntSupplier max) {
        this.max = max;
    }

    /** Takes a place for a new connection, which {@link #leave} gives back; false, and counted, if there is none. */
    public boolean tryEnter() {
        if (open.incrementAndGet() <= max.getAsInt()) {
            return true;
        }
        open.decrementAndGet();
        refused.increment();
        return false;
    }

    public void leave() {
        open.decrementAndGet();
    }

    public int open() {
        return open.get();
    }

    public long refused() {
        return refused.sum();
    }
}
