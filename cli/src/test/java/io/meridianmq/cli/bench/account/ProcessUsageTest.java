package io.meridianmq.cli.bench.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProcessUsageTest {

    private static final String STATUS = "Name:\tx\nVmPeak:\t  999999 kB\nVmRSS:\t  123456 kB\nThreads:\t7\n";

    @Test
    void readsWhatLinuxTells() {
        var stat = "4711 (java) S 1 2 3 4 5 6 7 8 9 10 1234 66 0 0 20 0 40 0 99 123 456 0 0";

        var usage = ProcessUsage.parse(stat, STATUS);

        assertThat(usage.cpu()).isEqualTo(Duration.ofSeconds(13));
        assertThat(usage.residentBytes()).isEqualTo(123_456 * 1_024);
    }

    @Test
    void nameMayLookLikeAnything() {
        var stat = "4711 (a) b (c d) S 1 2 3 4 5 6 7 8 9 10 100 50 0 0 20 0 40 0 99 123 456 0 0";

        assertThat(ProcessUsage.parse(stat, STATUS).cpu()).isEqualTo(Duration.ofMillis(1_500));
    }
}
