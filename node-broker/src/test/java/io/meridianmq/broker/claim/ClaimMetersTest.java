package io.meridianmq.broker.claim;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.meridianmq.core.claim.FrontFigures;
import io.meridianmq.core.claim.OwnerFigures;
import io.meridianmq.core.mesh.ClaimFigures;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ClaimMetersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ClaimMeters meters = new ClaimMeters(registry);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.start();
        logger().addAppender(logged);
    }

    @AfterEach
    void stopListening() {
        logger().detachAppender(logged);
    }

    @Test
    void whatIsIgnoredIsCountedAndLoggedOncePerCause() {
        meters.update(ClaimFigures.NOTHING_YET);
        assertThat(logged.list).isEmpty();

        meters.update(figures(1, 0));
        meters.update(figures(2, 0));
        meters.update(figures(2, 3));

        assertThat(logged.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .satisfiesExactly(
                        line -> assertThat(line)
                                .contains("naming a connection that is not its sender's", "cause=\"forged\""),
                        line -> assertThat(line)
                                .contains("from who does not own the slot in this epoch", "cause=\"copy\""));
        assertThat(ignored("forged")).isEqualTo(2);
        assertThat(ignored("copy")).isEqualTo(3);
        assertThat(ignored("stale")).isZero();
    }

    private double ignored(String cause) {
        return registry.get("meridian_claims_ignored")
                .tag("cause", cause)
                .functionCounter()
                .count();
    }

    private static ClaimFigures figures(long forged, long copiesRefused) {
        return new ClaimFigures(
                new FrontFigures(0, 0, 0, 0, 0, 0, 0),
                new OwnerFigures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, forged, 0, 0, 0),
                0,
                0,
                copiesRefused);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(ClaimMeters.class);
    }
}
