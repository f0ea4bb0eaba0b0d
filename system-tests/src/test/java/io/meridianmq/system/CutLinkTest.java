package io.meridianmq.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import io.meridianmq.system.Device.Message;
import io.meridianmq.system.LocalPlatform.Member;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The only way between two regions stops carrying anything in the middle of a stream, and goes on later. */
@Tag("server")
@ExtendWith(SharedPlatform.class)
class CutLinkTest {

    private static final int MESSAGES_PER_SECOND = Integer.getInteger("meridian.system.rate", 1_000);
    private static final int SECONDS = 10;
    private static final int CUT_AFTER_SECONDS = 3;
    private static final int CUT_SECONDS = 3;

    /** Every so many messages one is of QoS 2. */
    private static final int EXACTLY_ONCE_EVERY = 5;

    /** What a process may grow by, its heap included: what waits for the other region is bounded far below. */
    private static final long GROWTH_MAX_MB = 300;

    private static final Duration CATCH_UP = Duration.ofMinutes(2);

    private final LocalPlatform platform;

    CutLinkTest(LocalPlatform platform) {
        this.platform = platform;
    }

    @Test
    void streamAcrossACutLinkIsCompleteAndInOrder() throws IOException, InterruptedException {
        var gateway = platform.member("region-gateway", "eu-west");
        var before = residentMb();
        try (var publisher = platform.connect("us-east/a/1");
                var subscriber = platform.connect("eu-west/b/2")) {
            subscriber.subscribe("cut/#", MqttQos.EXACTLY_ONCE);
            Device.awaitEffective(List.of(subscriber), List.of(publisher));

            var published = publishAcrossTheCut(publisher, gateway);

            awaitNumbers(subscriber, "cut/1", published.atLeastOnce);
            awaitNumbers(subscriber, "cut/2", published.exactlyOnce);
            // Whatever came twice came before this.
            Device.awaitEffective(List.of(subscriber), List.of(publisher));
            assertThat(firstDeliveries(subscriber, "cut/1")).isEqualTo(published.atLeastOnce);
            assertThat(numbers(subscriber, "cut/2")).isEqualTo(published.exactlyOnce);
            Figures.add(
                    "stream with the region gateway stopped for " + CUT_SECONDS + " s",
                    "%,d messages, %,d delivered again at QoS 1, %.0f/s published"
                            .formatted(
                                    published.atLeastOnce.size() + published.exactlyOnce.size(),
                                    numbers(subscriber, "cut/1").size() - published.atLeastOnce.size(),
                                    published.perSecond));
        }
        assertMemoryIsBounded(before);
    }

    /**
     * What the node has acknowledged, in the order in which it was sent.
     *
     * @param perSecond how many a second, from the first to the last acknowledgement
     */
    private record Published(List<Integer> atLeastOnce, List<Integer> exactlyOnce, double perSecond) {}

    private static Published publishAcrossTheCut(Device publisher, Member gateway)
            throws IOException, InterruptedException {
        var published = new Published(new ArrayList<>(), new ArrayList<>(), 0);
        var acknowledgements = new ArrayList<CompletableFuture<?>>();
        var pace = new Pace(Duration.ofSeconds(1).dividedBy(MESSAGES_PER_SECOND));
        var begin = System.nanoTime();
        try {
            for (var number = 0; number < MESSAGES_PER_SECOND * SECONDS; number++) {
                if (number == MESSAGES_PER_SECOND * CUT_AFTER_SECONDS) {
                    gateway.signal("STOP");
                }
                if (number == MESSAGES_PER_SECOND * (CUT_AFTER_SECONDS + CUT_SECONDS)) {
                    gateway.signal("CONT");
                }
                var exactlyOnce = number % EXACTLY_ONCE_EVERY == 0;
                var qos = exactlyOnce ? MqttQos.EXACTLY_ONCE : MqttQos.AT_LEAST_ONCE;
                acknowledgements.add(publisher.send("cut/" + qos.getCode(), qos, String.valueOf(number)));
                (exactlyOnce ? published.exactlyOnce : published.atLeastOnce).add(number);
                pace.await();
            }
        } finally {
            gateway.signal("CONT");
        }
        CompletableFuture.allOf(acknowledgements.toArray(CompletableFuture[]::new))
                .orTimeout(CATCH_UP.toSeconds(), TimeUnit.SECONDS)
                .join();
        var seconds = (System.nanoTime() - begin) / 1e9;
        return new Published(published.atLeastOnce, published.exactlyOnce, acknowledgements.size() / seconds);
    }

    private static void awaitNumbers(Device subscriber, String topic, List<Integer> published) {
        await().atMost(CATCH_UP).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
            var missing = new LinkedHashSet<>(published);
            missing.removeAll(new HashSet<>(numbers(subscriber, topic)));
            assertThat(missing).as("missing on %s", topic).isEmpty();
        });
    }

    private static List<Integer> firstDeliveries(Device subscriber, String topic) {
        return numbers(subscriber, topic).stream().distinct().toList();
    }

    private static List<Integer> numbers(Device subscriber, String topic) {
        return subscriber.received(topic).stream()
                .map(Message::payload)
                .map(Integer::valueOf)
                .toList();
    }

    private List<Long> residentMb() {
        return platform.deployables().stream().map(Member::residentMb).toList();
    }

    private void assertMemoryIsBounded(List<Long> before) {
        var after = residentMb();
        var largest = new AtomicLong();
        for (var index = 0; index < after.size(); index++) {
            largest.accumulateAndGet(after.get(index) - before.get(index), Math::max);
        }
        Figures.add("largest growth of a process by that stream", largest + " MB");
        assertThat(largest.get()).isLessThan(GROWTH_MAX_MB);
    }
}
