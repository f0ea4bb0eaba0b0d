package io.meridianmq.broker.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.clock.HybridClock;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationBytes;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;

class MessageMetricsTest {

    private static final long PUBLISHED_MILLIS = 1_795_348_800_000L;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MessageMetrics metrics = new MessageMetrics(registry);

    @Test
    void prometheusSeesTheNamesThatAreAgreed() {
        metrics.published.add(3);
        metrics.routedRemote.add(2);
        metrics.delivered(publication(1), 5, PUBLISHED_MILLIS);

        assertThat(registry.scrape().lines())
                .contains(
                        "mqtt_messages_total 3.0",
                        "mqtt_messages_delivered_locally 5.0",
                        "mqtt_messages_routed_remote 2.0",
                        "# TYPE mqtt_message_delivery_duration_seconds histogram");
    }

    @Test
    void oneMessageInSixtyFourIsTimed() {
        for (var number = 0; number < 128; number++) {
            metrics.delivered(publication(number), 100, PUBLISHED_MILLIS + 4);
        }

        assertThat(registry.scrape().lines())
                .contains(
                        "mqtt_messages_delivered_locally 12800.0",
                        "mqtt_message_delivery_duration_seconds_count 2",
                        "mqtt_message_delivery_duration_seconds_bucket{le=\"0.002\"} 0",
                        "mqtt_message_delivery_duration_seconds_bucket{le=\"0.005\"} 2");
    }

    @Test
    void aMessageThatNoSessionTookIsNotTimed() {
        metrics.delivered(publication(0), 0, PUBLISHED_MILLIS + 4);

        assertThat(registry.scrape().lines()).contains("mqtt_message_delivery_duration_seconds_count 0");
    }

    @Test
    void aPublisherWhoseClockIsAheadCountsAsNoTimeAtAll() {
        metrics.delivered(publication(0), 1, PUBLISHED_MILLIS - 9_000);

        assertThat(registry.scrape().lines()).contains("mqtt_message_delivery_duration_seconds_bucket{le=\"0.001\"} 1");
    }

    private static Publication publication(long number) {
        return new Publication(
                new PublicationId(1, 1, number),
                HybridClock.ofMillis(PUBLISHED_MILLIS),
                0,
                "plant/7/temp",
                Qos.AT_MOST_ONCE,
                false,
                Publication.NEVER,
                new Nothing());
    }

    /** The metrics do not look at it. */
    private record Nothing() implements PublicationBytes {

        @Override
        public int sizeBytes() {
            return 0;
        }

        @Override
        public PublicationBytes share() {
            return this;
        }

        @Override
        public void release() {}
    }
}
