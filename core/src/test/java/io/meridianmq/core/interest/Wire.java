package io.meridianmq.core.interest;

import io.meridianmq.core.link.Frame;
import java.util.ArrayDeque;
import java.util.function.Predicate;

/** A link between a source and a sink that keeps order, delivers when told, and may lose frames or break. */
final class Wire {

    final InterestSource source;
    final InterestSink sink;
    final ArrayDeque<Frame> toSink = new ArrayDeque<>();
    final ArrayDeque<Frame> toSource = new ArrayDeque<>();
    boolean up;
    long nowNanos;

    Wire(OwnInterest own, InterestTable table) {
        this(own, new InterestSink(table, own.key().holder()));
    }

    /** A link from a process that came back to the same neighbour. */
    Wire(OwnInterest own, InterestSink sink) {
        this.source = new InterestSource(own);
        this.sink = sink;
    }

    void connect() {
        up = true;
        sink.onConnected();
        source.onConnected(nowNanos, toSink::add);
    }

    void cut() {
        up = false;
        toSink.clear();
        toSource.clear();
        sink.onDisconnected();
        source.onDisconnected();
    }

    void flush() {
        source.flush(nowNanos, toSink::add);
    }

    void tick(long millis) {
        nowNanos += millis * 1_000_000;
        source.onTick(nowNanos, toSink::add);
    }

    /** Delivers everything in both directions until nothing is on the way. */
    void settle() {
        while (deliverOne()) {}
    }

    /** Delivers the next frame of each direction; false if nothing is on the way. */
    boolean deliverOne() {
        var there = deliverToSink();
        var back = deliverToSource();
        return there || back;
    }

    boolean deliverToSink() {
        var frame = toSink.poll();
        switch (frame) {
            case null -> {
                return false;
            }
            case Frame.InterestSummary summary -> sink.onSummary(summary, toSource::add);
            case Frame.InterestSnapshot part -> sink.onSnapshot(part, toSource::add);
            case Frame.InterestDelta delta -> sink.onDelta(delta, toSource::add);
            default -> throw new AssertionError(frame);
        }
        return true;
    }

    boolean deliverToSource() {
        var frame = toSource.poll();
        if (frame == null) {
            return false;
        }
        source.onAck((Frame.InterestAck) frame, nowNanos, toSink::add);
        return true;
    }

    void lose(Predicate<Frame> which) {
        toSink.removeIf(which);
        toSource.removeIf(which);
    }
}
