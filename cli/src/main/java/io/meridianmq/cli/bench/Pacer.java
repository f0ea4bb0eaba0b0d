package io.meridianmq.cli.bench;

import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The open loop: has the publishers of one loop send in turn, each message when it is due. One that cannot leave yet holds
 * up those behind it, and all keep the time at which they were due, so that latencies count from there: nothing is omitted
 * because the broker was slow. Belongs to the loop.
 */
final class Pacer {

    private static final long HELD_UP_NANOS = 200_000;

    private final EventLoop loop;
    private final List<Publisher> publishers;
    private final Timetable timetable;
    private boolean isStopped;

    /** @param timetable of these publishers together, from now on */
    Pacer(EventLoop loop, List<Publisher> publishers, Timetable timetable) {
        this.loop = loop;
        this.publishers = List.copyOf(publishers);
        this.timetable = timetable;
    }

    void start() {
        tick();
    }

    void stop() {
        isStopped = true;
    }

    private void tick() {
        if (isStopped) {
            return;
        }
        var nowNanos = System.nanoTime();
        var isHeldUp = false;
        while (!isHeldUp && timetable.waitNanos(nowNanos) <= 0) {
            var publisher = publishers.get((int) (timetable.count() % publishers.size()));
            if (publisher.isDone() || publisher.send(timetable.dueNanos())) {
                timetable.advance();
            } else {
                isHeldUp = true;
            }
        }
        var waitNanos = isHeldUp ? HELD_UP_NANOS : timetable.waitNanos(nowNanos);
        var _ = loop.schedule(this::tick, waitNanos, TimeUnit.NANOSECONDS);
    }
}
