package io.meridianmq.broker.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.bench.WithoutLeakDetection;
import io.meridianmq.core.publication.Qos;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a fan-out costs, beside the least that it can cost: to write the same bytes to the same channels. */
@ExtendWith(WithoutLeakDetection.class)
final class FanoutRatioTest {

    private static final int SUBSCRIBERS = 1_000;
    private static final int ROUNDS = 60;
    private static final int MESSAGES = 20;

    /** Measured: see docs/benchmarks.md. */
    private static final double RATIO_MAX = 4;

    @Test
    void fanOutCostsLittleMoreThanItsWrites() throws Exception {
        var ratio = LoopThread.call(FanoutRatioTest::ratio);

        System.out.printf("a fan-out to %,d costs %.2f times its writes%n", SUBSCRIBERS, ratio);
        assertThat(ratio).isLessThan(RATIO_MAX);
    }

    private static double ratio() {
        var audience = new Audience(SUBSCRIBERS, Qos.AT_MOST_ONCE);
        var packet = audience.burst(1, Qos.AT_MOST_ONCE, 256);
        var before = audience.bytes();
        var fanOut = Long.MAX_VALUE;
        var writes = Long.MAX_VALUE;
        for (var round = 0; round < ROUNDS; round++) { // In turn, so that both have the same machine.
            fanOut = Math.min(fanOut, nanos(() -> audience.publish(packet)));
            writes = Math.min(
                    writes,
                    nanos(() -> audience.subscribers().forEach(subscriber -> {
                        var _ = subscriber.write(packet.retainedSlice(), subscriber.voidPromise());
                        subscriber.flush();
                    })));
        }
        assertThat(audience.bytes() - before)
                .as("bytes delivered and bytes written")
                .isEqualTo(2L * ROUNDS * MESSAGES * SUBSCRIBERS * packet.readableBytes());
        packet.release();
        audience.close();
        return (double) fanOut / writes;
    }

    private static long nanos(Runnable work) {
        var before = System.nanoTime();
        for (var i = 0; i < MESSAGES; i++) {
            work.run();
        }
        return System.nanoTime() - before;
    }
}
