package io.meridianmq.cli.load;

import java.util.OptionalInt;

/**
 * Before anything is counted every device greets, until all watchers have heard it at the lowest and the highest QoS of the
 * fleet, and until it has answered a greeting from another region: then every way that messages will take has been gone
 * once. For SUBACK waits for the subscriber's zone only, other zones and regions hear of a subscription a moment later, and
 * a platform that has just started is slow at first.
 *
 * <p>No threads or clocks; times are {@link System#nanoTime()}. Belongs to the event loop.
 */
final class Rehearsal {

    /** In the payload of a greeting, before its QoS; in one to a device and its answer, before the device's number. */
    static final String KEY = "\"hello\":";

    /** How long after it began a round through the devices the next one begins. */
    private static final long ROUND_NANOS = 2_000_000_000L;

    private static final int LEVELS = 2;

    private final int watchers;

    /** For each device a bit for each watcher and level, and one more for its answer. */
    private final long[] heard;

    private final long everything;
    private int missing;
    private int next;
    private long roundSinceNanos;

    /**
     * @param hasHigherQos whether devices greet at QoS 1 or 2, too
     * @param hasCommands whether devices are greeted
     */
    Rehearsal(int devices, int watchers, boolean hasHigherQos, boolean hasCommands, long nowNanos) {
        this.watchers = watchers;
        this.heard = new long[devices];
        var bits = hasCommands ? answerBit() : 0;
        for (var watcher = 0; watcher < watchers; watcher++) {
            bits |= greetingBit(watcher, 0) | (hasHigherQos ? greetingBit(watcher, 1) : 0);
        }
        this.everything = bits;
        this.missing = devices;
        this.roundSinceNanos = nowNanos - ROUND_NANOS;
    }

    /** A watcher got a device's greeting. */
    void heard(int device, int watcher, int qos) {
        note(device, greetingBit(watcher, qos));
    }

    /** The answer of a device that was greeted came back. */
    void answered(int device) {
        note(device, answerBit());
    }

    private static long greetingBit(int watcher, int qos) {
        return 1L << (watcher * LEVELS + Math.min(qos, 1));
    }

    private long answerBit() {
        return 1L << (watchers * LEVELS);
    }

    private void note(int device, long bit) {
        var before = heard[device];
        heard[device] = before | (bit & everything);
        if (before != everything && heard[device] == everything) {
            missing--;
        }
    }

    /** Devices that were not heard everywhere yet. */
    int missing() {
        return missing;
    }

    /** The next device that has to greet, or to greet again; none before the next round is due. */
    OptionalInt next(long nowNanos) {
        if (next == 0) {
            if (nowNanos - roundSinceNanos < ROUND_NANOS) {
                return OptionalInt.empty();
            }
            roundSinceNanos = nowNanos;
        }
        while (next < heard.length) {
            var device = next++;
            if (heard[device] != everything) {
                next %= heard.length;
                return OptionalInt.of(device);
            }
        }
        next = 0;
        return OptionalInt.empty();
    }
}
