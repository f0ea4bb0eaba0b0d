package io.meridianmq.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TroublesTest {

    private final Troubles troubles = new Troubles();

    @Test
    void anOutageLastsFromTheFirstLossUntilEverybodyIsBack() {
        troubles.connected("a", 1);
        troubles.connected("b", 2);
        assertThat(troubles.outages()).isEmpty();

        troubles.connectionLost("a", "gone", 100);
        troubles.connectionLost("b", "gone", 110);
        troubles.connected("a", 300);
        assertThat(troubles.outages()).containsExactly(new Outage(100, Long.MAX_VALUE, 2));

        troubles.connectionLost("a", "gone again", 310);
        troubles.connected("b", 400);
        troubles.connected("a", 500);
        assertThat(troubles.outages()).containsExactly(new Outage(100, 500, 3));
        assertThat(troubles.connectionsLost()).isEqualTo(3);
        assertThat(troubles.last()).contains("a: gone again");
    }

    @Test
    void nextOutageIsOneOfItsOwnAndOfTooManyOnlyTheConnectionsCount() {
        for (var time = 0L; time < 100; time++) {
            troubles.connectionLost("a", "gone", 10 * time);
            troubles.connected("a", 10 * time + 5);
        }
        assertThat(troubles.outages()).hasSize(32).startsWith(new Outage(0, 5, 1), new Outage(10, 15, 1));
        assertThat(troubles.connectionsLost()).isEqualTo(100);
    }
}
