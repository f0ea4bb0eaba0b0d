package io.meridianmq.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What devices in one region see of the other one: through the load balancers, with Mosquitto's clients. */
@Tag("server")
@ExtendWith(SharedPlatform.class)
class AcrossRegionsTest {

    private static final String PUBLISHED_IN = "us-east";
    private static final String SUBSCRIBED_IN = "eu-west";

    /** What a subscription in the other region may take to become effective, in milliseconds. */
    private static final double EFFECTIVE_WITHIN_MILLIS = 500;

    private static final double LATENCY_MEDIAN_MAX_MILLIS = 100;
    private static final int MESSAGES = 200;
    private static final int WARM_UP_MESSAGES = 20;
    private static final int SUBSCRIPTIONS = 20;

    private final LocalPlatform platform;

    AcrossRegionsTest(LocalPlatform platform) {
        this.platform = platform;
    }

    @Test
    void messageArrivesWithinATenthOfASecond() {
        var nanos = new long[MESSAGES];
        try (var subscriber = Device.connect(SUBSCRIBED_IN, platform.portOfRegion(SUBSCRIBED_IN));
                var publisher = Device.connect(PUBLISHED_IN, platform.portOfRegion(PUBLISHED_IN))) {
            subscriber.subscribe("plant/+/temp", MqttQos.AT_LEAST_ONCE);
            Device.awaitEffective(List.of(subscriber), List.of(publisher));
            for (var number = 0; number < WARM_UP_MESSAGES; number++) {
                var _ = nanosUntilReceived(subscriber, publisher, "plant/" + number + "/temp");
            }
            for (var number = 0; number < MESSAGES; number++) {
                nanos[number] =
                        nanosUntilReceived(subscriber, publisher, "plant/" + (WARM_UP_MESSAGES + number) + "/temp");
            }
        }

        Figures.addTimes("publish in one region to arrival in the other, QoS 1", nanos);
        assertThat(Figures.percentileMillis(nanos, 50)).isLessThan(LATENCY_MEDIAN_MAX_MILLIS);
    }

    @Test
    void mosquittoInOneRegionHearsMosquittoInTheOther() throws IOException, InterruptedException {
        var subscriber = mosquitto("mosquitto_sub", SUBSCRIBED_IN, "-t", "site/+/temp", "-C", "1", "-W", "60");
        await().atMost(Device.PATIENCE).until(() -> {
            mosquitto("mosquitto_pub", PUBLISHED_IN, "-t", "site/7/temp", "-m", "21.5")
                    .waitFor();
            return subscriber.waitFor(200, TimeUnit.MILLISECONDS);
        });
        assertThat(subscriber.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("21.5");
    }

    @Test
    void subscriptionIsEffectiveWithinHalfASecond() {
        var nanos = new long[SUBSCRIPTIONS];
        try (var subscriber = Device.connect(SUBSCRIBED_IN, platform.portOfRegion(SUBSCRIBED_IN));
                var publisher = Device.connect(PUBLISHED_IN, platform.portOfRegion(PUBLISHED_IN))) {
            for (var number = 0; number < SUBSCRIPTIONS; number++) {
                Pace.quietPeriod();
                nanos[number] = nanosUntilEffective(subscriber, publisher, "fresh/" + number);
            }
        }

        Figures.addTimes("SUBACK to effective in the other region", nanos);
        assertThat(Figures.percentileMillis(nanos, 100)).isLessThan(EFFECTIVE_WITHIN_MILLIS);
    }

    /** From the SUBACK to the publishing of the first message that arrives. */
    private static long nanosUntilEffective(Device subscriber, Device publisher, String topic) {
        subscriber.subscribe(topic, MqttQos.AT_MOST_ONCE);
        var acknowledged = System.nanoTime();
        var pace = new Pace(Duration.ofMillis(2));
        while (subscriber.received(topic).isEmpty()) {
            publisher.publish(topic, MqttQos.AT_MOST_ONCE, String.valueOf(System.nanoTime() - acknowledged));
            pace.await();
            assertThat(System.nanoTime() - acknowledged)
                    .as("subscription is not effective at all")
                    .isLessThan(Device.PATIENCE.toNanos());
        }
        return Long.parseLong(subscriber.received(topic).getFirst().payload());
    }

    private static long nanosUntilReceived(Device subscriber, Device publisher, String topic) {
        var begin = System.nanoTime();
        publisher.publish(topic, MqttQos.AT_LEAST_ONCE, "21.5");
        await().atMost(Device.PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> !subscriber.received(topic).isEmpty());
        return subscriber.received(topic).getFirst().nanos() - begin;
    }

    private Process mosquitto(String program, String region, String... options) throws IOException {
        var command = new ArrayList<>(
                List.of(program, "-h", "127.0.0.1", "-p", String.valueOf(platform.portOfRegion(region))));
        command.addAll(List.of(options));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
