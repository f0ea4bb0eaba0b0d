package io.meridianmq.cli.platform;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * When processes that ended by themselves are started again: after {@link #FIRST}, then after twice as long each time, up
 * to {@link #LONGEST}, for as long as they keep ending before they have lived for {@link #SETTLED}.
 *
 * <p>Has no clock of its own: {@code nowNanos} is what {@link System#nanoTime} says. For one thread at a time.
 */
final class RestartSchedule {

    static final Duration FIRST = Duration.ofSeconds(1);
    static final Duration LONGEST = Duration.ofSeconds(30);
    static final Duration SETTLED = Duration.ofMinutes(1);

    private final Map<String, Duration> lastPauses = new HashMap<>();
    private final Map<String, Long> dueNanos = new HashMap<>();

    /**
     * Notes that a process ended.
     *
     * @param name of the process; the schedule holds one entry for each name it was ever given
     * @param lived from its start to its end
     * @return how long after {@code nowNanos} it is due to be started again
     */
    Duration ended(String name, Duration lived, long nowNanos) {
        var last = lastPauses.get(name);
        var pause = last == null || lived.compareTo(SETTLED) >= 0 ? FIRST : shorter(last.multipliedBy(2), LONGEST);
        lastPauses.put(name, pause);
        dueNanos.put(name, nowNanos + pause.toNanos());
        return pause;
    }

    /** The process that has been due for longest; it is not waiting any more. Empty if none is due. */
    Optional<String> takeDue(long nowNanos) {
        var due = next(nowNanos).filter(name -> leftNanos(name, nowNanos) <= 0);
        due.ifPresent(dueNanos::remove);
        return due;
    }

    /** How long until a process is due, zero if one is; empty if none waits. */
    Optional<Duration> untilDue(long nowNanos) {
        return next(nowNanos).map(name -> Duration.ofNanos(Math.max(0, leftNanos(name, nowNanos))));
    }

    private Optional<String> next(long nowNanos) {
        return dueNanos.keySet().stream().min(Comparator.comparingLong(name -> leftNanos(name, nowNanos)));
    }

    private long leftNanos(String name, long nowNanos) {
        return dueNanos.getOrDefault(name, nowNanos) - nowNanos;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
