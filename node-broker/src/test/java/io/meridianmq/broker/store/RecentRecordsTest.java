package io.meridianmq.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RecentRecordsTest {

    private static final long LONG_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final RecentRecords recent = new RecentRecords();

    @Test
    void recordGoesWhenItsTimeIsOver() {
        recent.add(1, 3, 5);
        recent.add(2, 4, 6);
        assertThat(recent.pollOld(4 + LONG_NANOS)).isEmpty();
        assertThat(recent.pollOld(5 + LONG_NANOS)).hasValue(1);
        assertThat(recent.pollOld(5 + LONG_NANOS)).isEmpty();
        assertThat(recent.messages()).isEqualTo(4);
        assertThat(recent.pollOld(6 + LONG_NANOS)).hasValue(2);
        assertThat(recent.messages()).isZero();
    }

    @Test
    void oldestGoWhenThereAreTooMany() {
        recent.add(1, 1, 0);
        recent.add(2, RecentRecords.MESSAGES_MAX - 1, 0);
        assertThat(recent.pollOld(0)).as("not more than there may be").isEmpty();
        recent.add(3, 2, 0);
        assertThat(recent.pollOld(0)).hasValue(1);
        assertThat(recent.pollOld(0)).hasValue(2);
        assertThat(recent.pollOld(0)).isEmpty();
        assertThat(recent.messages()).isEqualTo(2);
    }

    @Test
    void recordThatDidNotComeIntoTheStoreDoesNotCount() {
        recent.add(1, 3, 0);
        recent.add(2, 4, 0);
        recent.forget(2);
        recent.forget(7);
        assertThat(recent.messages()).isEqualTo(3);
        assertThat(recent.pollOld(LONG_NANOS)).hasValue(1);
        assertThat(recent.pollOld(LONG_NANOS)).isEmpty();
    }
}
