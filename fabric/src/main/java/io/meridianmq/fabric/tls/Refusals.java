package io.meridianmq.fabric.tls;

import io.grpc.netty.shaded.io.netty.handler.ssl.NotSslRecordException;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.cert.CertificateException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections that were not made, counted by cause; those of callers are logged, once an hour each. Any thread.
 */
public final class Refusals {

    private static final Logger log = LoggerFactory.getLogger(Refusals.class);

    /** Causes of causes that are looked at. */
    private static final int CAUSES_MAX = 16;

    private final Map<Refusal, LongAdder> counts = new EnumMap<>(Refusal.class);
    private final OnceAnHour news = new OnceAnHour();

    /** Callers whose certificate was refused, which is counted, and whose connection has not ended yet. */
    private final AtomicInteger ending = new AtomicInteger();

    Refusals() {
        for (var cause : Refusal.values()) {
            counts.put(cause, new LongAdder());
        }
    }

    /** How many there were; causes without any are absent. */
    public Map<Refusal, Long> counts() {
        var sums = new EnumMap<Refusal, Long>(Refusal.class);
        counts.forEach((cause, count) -> {
            if (count.sum() > 0) {
                sums.put(cause, count.sum());
            }
        });
        return Collections.unmodifiableMap(sums);
    }

    /** Counts on in meters with the label {@code cause}. */
    public void bindTo(MeterRegistry registry, String name, String description) {
        for (var cause : Refusal.values()) {
            FunctionCounter.builder(name, count(cause), LongAdder::sum)
                    .description(description)
                    .tag("cause", cause.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
    }

    /**
     * A connection that this process dialled failed. Counted here if it did for a reason of encryption, else not at all.
     *
     * @param failure what the transport says
     * @return what it means, for an operator; empty if it has nothing to do with encryption
     */
    public Optional<String> onDialFailed(Throwable failure) {
        var refused = find(failure, CertificateException.class);
        if (refused.isPresent()) {
            // Counted where the certificate was refused.
            return refused.map(certificate -> "its certificate is refused: " + certificate.getMessage());
        }
        if (find(failure, NotSslRecordException.class).isPresent()) {
            count(Refusal.PLAINTEXT).increment();
            return Optional.of("it does not encrypt: give it tls, as this end has");
        }
        var alert = find(failure, SSLException.class);
        if (alert.isPresent()) {
            count(Refusal.REJECTED).increment();
        }
        return alert.map(
                words -> "it refuses this end's certificate, or speaks no TLS 1.3 (" + words.getMessage() + ")");
    }

    /**
     * The certificate of the other end is refused.
     *
     * @param caller whether it dialled; else whoever dialled it is told by the transport
     */
    void onCertificate(Refusal cause, String problem, boolean caller) {
        count(cause).increment();
        if (caller) {
            ending.incrementAndGet();
            report(problem);
        }
    }

    /** A caller's connection ended before it opened a call. */
    void onSilentCaller(String address) {
        if (ending.getAndUpdate(waiting -> Math.max(0, waiting - 1)) > 0) {
            return; // Its certificate was refused.
        }
        count(Refusal.NO_HANDSHAKE).increment();
        report("a caller" + address
                + " opened no call: it does not encrypt as this end does, shows no certificate, or is"
                + " none of this platform");
    }

    private static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
        return Stream.iterate(Optional.of(failure), Optional::isPresent, cause -> cause.map(Throwable::getCause))
                .flatMap(Optional::stream)
                .limit(CAUSES_MAX)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }

    private LongAdder count(Refusal cause) {
        return Objects.requireNonNull(counts.get(cause));
    }

    private void report(String problem) {
        if (news.isNews(problem)) {
            log.warn("a connection is refused: {} (said once an hour, counted each time)", problem);
        }
    }
}
