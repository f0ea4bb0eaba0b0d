package io.meridianmq.cli.bench;

import io.meridianmq.cli.bench.account.ProcessUsage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** What the broker's process and this one use. */
final class Meter {

    private static final double NANOS_PER_MICRO = 1e3;
    private static final double BYTES_PER_MEGABYTE = 1e6;

    private final OptionalLong brokerProcess;

    /** @param brokerProcess empty if it is not to be measured */
    Meter(OptionalLong brokerProcess) {
        this.brokerProcess = brokerProcess;
    }

    /** At one moment; the broker's if it is measured. */
    record Reading(long nanos, Optional<ProcessUsage> broker, Duration own) {

        double secondsSince(Reading earlier) {
            return (nanos - earlier.nanos) / 1e9;
        }

        /** The broker's processor time since then for each of so many things. */
        OptionalDouble brokerMicrosEach(Reading earlier, long things) {
            return broker.isEmpty() || things <= 0
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(broker.get()
                                    .cpu()
                                    .minus(earlier.broker.orElseThrow().cpu())
                                    .toNanos()
                            / NANOS_PER_MICRO
                            / things);
        }

        /** This program's own. */
        OptionalDouble ownMicrosEach(Reading earlier, long things) {
            return things <= 0
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(own.minus(earlier.own).toNanos() / NANOS_PER_MICRO / things);
        }

        OptionalDouble brokerMegabytes() {
            return broker.isEmpty()
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(broker.get().residentBytes() / BYTES_PER_MEGABYTE);
        }
    }

    /** @throws BenchFailedException if there is no such process */
    Reading read() {
        var own = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        if (brokerProcess.isEmpty()) {
            return new Reading(System.nanoTime(), Optional.empty(), own);
        }
        var processId = brokerProcess.getAsLong();
        if (!ProcessHandle.of(processId).map(ProcessHandle::isAlive).orElse(false)) {
            throw new BenchFailedException(
                    "there is no process " + processId + ": is --pid the broker's, and is it alive?");
        }
        try {
            return new Reading(System.nanoTime(), Optional.of(ProcessUsage.of(processId)), own);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read what process " + processId + " uses", e);
        }
    }
}
