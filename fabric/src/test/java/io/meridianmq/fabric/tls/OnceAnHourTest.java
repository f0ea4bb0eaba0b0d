package io.meridianmq.fabric.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OnceAnHourTest {

    private final AtomicLong nowNanos = new AtomicLong(-17);
    private final OnceAnHour news = new OnceAnHour(nowNanos::get);

    @Test
    void theSameIsNewsOnceAnHour() {
        assertThat(news.isNews("a")).isTrue();
        assertThat(news.isNews("a")).isFalse();
        assertThat(news.isNews("b")).isTrue();
        nowNanos.addAndGet(TimeUnit.MINUTES.toNanos(59));
        assertThat(news.isNews("a")).isFalse();
        nowNanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
        assertThat(news.isNews("a")).isTrue();
    }

    @Test
    void thereIsABoundOnWhatIsNews() {
        for (var number = 0; number < OnceAnHour.DIFFERENT_MAX; number++) {
            assertThat(news.isNews("stranger " + number)).isTrue();
        }
        assertThat(news.isNews("one more")).isFalse();
    }
}
