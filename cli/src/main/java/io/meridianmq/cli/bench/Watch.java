package io.meridianmq.cli.bench;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Looks at a run while time passes, and says every second what happens. */
final class Watch {

    private static final long POLL_MILLIS = 10;
    private static final long SECOND_NANOS = 1_000_000_000;

    private final Meter meter;
    private final Progress progress;
    private final Supplier<Counts> counts;

    /** @param counts what has been counted so far */
    Watch(Parameters parameters, Progress progress, Supplier<Counts> counts) {
        this.meter = new Meter(parameters.brokerProcess());
        this.progress = progress;
        this.counts = counts;
    }

    /** What had been counted and used at one moment. */
    record Moment(Counts counts, Meter.Reading reading) {

        long receivedSince(Moment earlier) {
            return counts.received() - earlier.counts.received();
        }
    }

    Moment now() {
        return new Moment(counts.get(), meter.read());
    }

    /** Waits until time is up, or it is over. */
    void pass(String phase, Duration duration, BooleanSupplier isOver) throws InterruptedException {
        var startNanos = System.nanoTime();
        var last = now();
        var seconds = 1;
        while (System.nanoTime() - startNanos < duration.toNanos() && !isOver.getAsBoolean()) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            if (System.nanoTime() - startNanos >= seconds * SECOND_NANOS) {
                var now = now();
                progress.say(line(phase, seconds, last, now));
                last = now;
                seconds++;
            }
        }
    }

    private static String line(String phase, int seconds, Moment last, Moment now) {
        var received = now.receivedSince(last);
        var broker = now.reading().brokerMicrosEach(last.reading(), received);
        var broken = now.counts().broken();
        return "%s %3d s  %,9.0f/s  p99 %s%s%s"
                .formatted(
                        phase,
                        seconds,
                        received / now.reading().secondsSince(last.reading()),
                        ResultText.time(now.counts().latencies().spread().p99Micros()),
                        broker.isPresent() ? "  broker %.2f us each".formatted(broker.getAsDouble()) : "",
                        broken > 0 ? "  %,d connections broken".formatted(broken) : "");
    }
}
