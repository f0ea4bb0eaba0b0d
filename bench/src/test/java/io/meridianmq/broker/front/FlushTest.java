package io.meridianmq.broker.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.publication.Qos;
import org.junit.jupiter.api.Test;

/** How often a burst of messages makes the broker write to its network: as often as it calls the operating system. */
final class FlushTest {

    private static final int BURST = 50;

    @Test
    void burstIsWrittenOnceToEachSubscriber() {
        var audience = new Audience(100, Qos.AT_MOST_ONCE);
        var before = audience.subscribers().stream().map(SinkChannel::writes).toList();

        var burst = audience.burst(BURST, Qos.AT_MOST_ONCE, 256);
        audience.publish(burst);

        for (var i = 0; i < before.size(); i++) {
            assertThat(audience.subscribers().get(i).writes() - before.get(i)).isEqualTo(1);
        }
        burst.release();
        audience.close();
    }

    @Test
    void burstIsAcknowledgedWithOneWrite() {
        var audience = new Audience(1, Qos.AT_LEAST_ONCE);
        var publisher = audience.publisher();
        var writes = publisher.writes();
        var bytes = publisher.bytes();

        var burst = audience.burst(BURST, Qos.AT_LEAST_ONCE, 256);
        audience.publish(burst);

        assertThat(publisher.bytes() - bytes).as("bytes of PUBACK").isEqualTo(4 * BURST);
        assertThat(publisher.writes() - writes).isEqualTo(1);
        burst.release();
        audience.close();
    }
}
