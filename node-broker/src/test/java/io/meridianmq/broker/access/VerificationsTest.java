package io.meridianmq.broker.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class VerificationsTest {

    @Test
    void runSoManyAtOnceKeepSoManyWaitingAndRejectTheRest() {
        var meters = new SimpleMeterRegistry();
        var running = new AtomicInteger();
        var done = new AtomicInteger();
        var end = new CountDownLatch(1);
        try (var verifications = new Verifications(2, 3, meters)) {
            Runnable check = () -> {
                running.incrementAndGet();
                try {
                    end.await();
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
                done.incrementAndGet();
            };
            for (var i = 0; i < 5; i++) {
                verifications.execute(check);
            }
            assertThatThrownBy(() -> verifications.execute(check)).isInstanceOf(RejectedExecutionException.class);
            await().atMost(Duration.ofSeconds(30)).until(() -> running.get() == 2);
            assertThat(meters.get("mqtt_access_verifications_waiting").gauge().value())
                    .isEqualTo(3);
            end.countDown();
            await().atMost(Duration.ofSeconds(30)).until(() -> done.get() == 5);
        }
    }
}
