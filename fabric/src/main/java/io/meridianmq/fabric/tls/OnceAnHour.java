package io.meridianmq.fabric.tls;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Keeps what happens again and again, or is made up by strangers, from filling the log. Any thread. */
public final class OnceAnHour {

    /** Different ones in an hour; more are not logged. */
    static final int DIFFERENT_MAX = 100;

    private final LongSupplier nanoClock;
    private final Set<String> seen = new HashSet<>();
    private long beganNanos;

    public OnceAnHour() {
        this(System::nanoTime);
    }

    OnceAnHour(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.beganNanos = nanoClock.getAsLong();
    }

    /** Whether a text is to be logged: the first time in an hour, while there are few of them. */
    public synchronized boolean isNews(String text) {
        var now = nanoClock.getAsLong();
        if (now - beganNanos >= TimeUnit.HOURS.toNanos(1)) {
            beganNanos = now;
            seen.clear();
        }
        return seen.size() < DIFFERENT_MAX && seen.add(text);
    }
}
