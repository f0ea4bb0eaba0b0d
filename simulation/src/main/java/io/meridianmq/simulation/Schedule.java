package io.meridianmq.simulation;

import java.util.PriorityQueue;

/** Virtual time: what happens when. Events of one moment happen in the order in which they were planned. */
final class Schedule {

    private record Event(long atNanos, long sequence, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            var byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long nowNanos = 1_000_000_000L;
    private long sequence;

    long nowNanos() {
        return nowNanos;
    }

    long nowMillis() {
        return nowNanos / 1_000_000;
    }

    void at(long atNanos, Runnable action) {
        events.add(new Event(Math.max(atNanos, nowNanos), sequence++, action));
    }

    void after(long delayNanos, Runnable action) {
        at(nowNanos + delayNanos, action);
    }

    /** Lets time pass, and everything happen that falls into it. */
    void run(long nanos) {
        var end = nowNanos + nanos;
        while (!events.isEmpty() && events.peek().atNanos <= end) {
            var event = events.remove();
            nowNanos = event.atNanos;
            event.action.run();
        }
        nowNanos = end;
    }
}
