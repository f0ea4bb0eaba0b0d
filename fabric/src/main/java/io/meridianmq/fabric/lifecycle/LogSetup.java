package io.meridianmq.fabric.lifecycle;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.meridianmq.core.place.Place;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * How every Meridian process logs: to standard output, one line per event, whatever the message or the stack trace
 * contains: time (UTC, ISO 8601), level, place, logger, message. {@code MERIDIAN_LOG_LEVEL} sets the level of Meridian's
 * own loggers: TRACE, DEBUG, INFO, WARN or ERROR; INFO by default, and with a warning for anything else.
 *
 * <p>Found by Logback through its service file. A {@code logback.xml} on the class path, or one named by
 * {@code -Dlogback.configurationFile}, comes first.
 */
@ConfiguratorRank(ConfiguratorRank.FALLBACK + 5)
public final class LogSetup extends ContextAwareBase implements Configurator {

    static final String LEVEL_VARIABLE = "MERIDIAN_LOG_LEVEL";

    private static final String PLACE_PROPERTY = "place";

    /** Line ends become visible, so that a client's text cannot forge a line of the log. */
    private static final String MESSAGE = "%replace(%msg){'[\\r\\n]+','\\\\n'}";

    /** From the inside out: the last line end goes, the others become separators, and one comes before the first line. */
    private static final String STACK_TRACE =
            "%replace(%replace(%replace(%ex{30}){'[\\r\\n]+$',''})" + "{'[\\r\\n]+\\t*',' | '}){'^(?=.)',' | '}%nopex";

    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z',UTC} %-5level %property{place} %logger{0} - "
            + MESSAGE + STACK_TRACE + "%n";

    /**
     * Libraries that tell at INFO or WARN what is not for an operator: gRPC each connection that fails, the etcd client each
     * retry, Lettuce at each connect that both epoll and io_uring are there.
     */
    private static final Map<String, Level> QUIET = Map.of(
            "io.netty", Level.WARN,
            "io.grpc", Level.WARN,
            "io.vertx", Level.WARN,
            "io.lettuce", Level.WARN,
            "io.lettuce.core.resource.Transports", Level.ERROR,
            "io.etcd", Level.ERROR);

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        configure(context, System.getenv().getOrDefault(LEVEL_VARIABLE, "INFO"));
        // gRPC logs through Java's own logging, which would write to standard error in a form of its own.
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Puts {@code place} on every line from here on. */
    public static void place(Place place) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.putProperty(PLACE_PROPERTY, place.toString());
        }
    }

    static void configure(LoggerContext context, String levelName) {
        context.putProperty(PLACE_PROPERTY, "-");
        var encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setPattern(PATTERN);
        encoder.start();
        var console = new ConsoleAppender<ILoggingEvent>();
        console.setContext(context);
        console.setName("console");
        console.setEncoder(encoder);
        console.start();
        var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(console);
        QUIET.forEach((name, level) -> context.getLogger(name).setLevel(level));
        setOwnLevel(context, levelName);
    }

    private static void setOwnLevel(LoggerContext context, String levelName) {
        var level = Level.toLevel(levelName.toUpperCase(Locale.ROOT), Level.OFF);
        context.getLogger("io.meridianmq").setLevel(level == Level.OFF ? Level.INFO : level);
        if (level == Level.OFF) {
            context.getLogger(LogSetup.class)
                    .warn(
                            "{} is \"{}\", which is no level: use TRACE, DEBUG, INFO, WARN or ERROR; logging at INFO",
                            LEVEL_VARIABLE,
                            levelName);
        }
    }
}
