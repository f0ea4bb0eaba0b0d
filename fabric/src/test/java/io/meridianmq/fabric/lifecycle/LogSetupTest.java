package io.meridianmq.fabric.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LogSetupTest {

    private final LoggerContext context = new LoggerContext();

    @Test
    void writesOneLinePerEventWithThePlace() {
        LogSetup.configure(context, "DEBUG");
        context.putProperty("place", "us-east/a/1");
        assertThat(line("slot {} opened", 7))
                .matches(
                        "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z WARN  us-east/a/1 SlotLoop - slot 7 opened\n");
    }

    @Test
    void aTextFromOutsideCannotForgeALine() {
        LogSetup.configure(context, "INFO");
        assertThat(line("client {} refused", "x\n2026-01-01 ERROR forged"))
                .hasLineCount(1)
                .contains("x\\n2026");
    }

    @Test
    void aStackTraceStaysOnItsLine() {
        LogSetup.configure(context, "INFO");
        var failure = new IllegalStateException("outer", new IllegalArgumentException("inner"));
        assertThat(line("store failed", failure))
                .doesNotContain("| \n")
                .hasLineCount(1)
                .contains(
                        "store failed | java.lang.IllegalStateException: outer | at io.meridianmq",
                        " | Caused by: java.lang.IllegalArgumentException: inner");
    }

    @Test
    void keepsNoisyLibrariesQuiet() {
        LogSetup.configure(context, "debug");
        assertThat(context.getLogger("io.meridianmq.fabric").getEffectiveLevel())
                .isEqualTo(Level.DEBUG);
        assertThat(context.getLogger("io.vertx.core").getEffectiveLevel()).isEqualTo(Level.WARN);
        assertThat(context.getLogger("io.lettuce.core.resource.Transports").getEffectiveLevel())
                .isEqualTo(Level.ERROR);
    }

    @Test
    void anUnknownLevelIsInfo() {
        LogSetup.configure(context, "LOUD");
        assertThat(context.getLogger("io.meridianmq").getLevel()).isEqualTo(Level.INFO);
    }

    private String line(String message, Object argument) {
        var logger = context.getLogger("io.meridianmq.broker.slot.SlotLoop");
        var event = new LoggingEvent("caller", logger, Level.WARN, message, null, new Object[] {argument});
        return new String(encoder().encode(event), StandardCharsets.UTF_8);
    }

    private Encoder<ILoggingEvent> encoder() {
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        assertThat(root.getAppender("console")).isInstanceOf(ConsoleAppender.class);
        return ((ConsoleAppender<ILoggingEvent>) root.getAppender("console")).getEncoder();
    }
}
