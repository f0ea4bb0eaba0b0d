package io.meridianmq.fabric.metrics;

import io.meridianmq.core.place.Place;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The meters of one process, labelled with its place, and those of its JVM. Meters are registered through
 * {@link #registry}; any thread may.
 */
public final class Metrics implements AutoCloseable {

    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    private static final int SCRAPE_BYTES_USUAL = 64 * 1024;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbageCollection = new JvmGcMetrics();

    /** One scrape at a time: each builds the whole text in memory. */
    private final ReentrantLock scraping = new ReentrantLock();

    /** Every meter gets the labels {@code region}, {@code zone} and {@code node}, as far down as {@code place} goes. */
    public Metrics(Place place) {
        registry.config().commonTags(labelsOf(place));
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        garbageCollection.bindTo(registry);
    }

    public MeterRegistry registry() {
        return registry;
    }

    @Override
    public void close() {
        garbageCollection.close();
        registry.close();
    }

    /**
     * All meters as text.
     *
     * @param accept a request's {@code Accept} header: OpenMetrics if it names that, else Prometheus text
     */
    Scrape scrape(String accept) throws IOException {
        var contentType = accept.contains("application/openmetrics-text") ? OPEN_METRICS : PROMETHEUS_TEXT;
        var text = new ByteArrayOutputStream(SCRAPE_BYTES_USUAL);
        scraping.lock();
        try {
            registry.scrape(text, contentType);
        } finally {
            scraping.unlock();
        }
        return new Scrape(contentType, text);
    }

    private static Iterable<Tag> labelsOf(Place place) {
        var labels = new ArrayList<Tag>();
        addLabel(labels, "region", place.region());
        addLabel(labels, "zone", place.zone());
        addLabel(labels, "node", place.node());
        return Tags.of(labels);
    }

    private static void addLabel(List<Tag> labels, String name, String value) {
        if (!value.isEmpty()) {
            labels.add(Tag.of(name, value));
        }
    }

    record Scrape(String contentType, ByteArrayOutputStream text) {}
}
