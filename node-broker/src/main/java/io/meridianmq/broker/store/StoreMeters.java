package io.meridianmq.broker.store;

import io.meridianmq.retained.store.CommitterFigures;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What one of a node's stores does, in meters. For the thread that starts the node.
 *
 * @param <S> the store, which the meters do not keep alive
 */
public final class StoreMeters<S> {

    private final MeterRegistry registry;
    private final String name;
    private final S store;
    private final Function<S, CommitterFigures> figures;

    private StoreMeters(MeterRegistry registry, String name, S store, Function<S, CommitterFigures> figures) {
        this.registry = registry;
        this.name = name;
        this.store = store;
        this.figures = figures;
    }

    /**
     * Makes the figures of one store known.
     *
     * @param sizeBytes of its live files; may block
     */
    public static <S> void bind(
            MeterRegistry registry,
            String name,
            S store,
            Function<S, CommitterFigures> figures,
            ToDoubleFunction<S> sizeBytes) {
        Gauge.builder("meridian_store_bytes", store, sizeBytes)
                .description("Bytes of a store's live files and write buffers")
                .tag("store", name)
                .register(registry);
        new StoreMeters<>(registry, name, store, figures).bind();
    }

    private void bind() {
        gauge("meridian_store_full", "1 while the disk has no room", now -> now.isFull() ? 1 : 0);
        gauge("meridian_store_waiting", "Changes that wait to be committed", CommitterFigures::queuedChanges);
        counter("meridian_store_commits", "Groups of changes committed", CommitterFigures::groups);
        counter("meridian_store_refused", "Changes refused since too many waited", CommitterFigures::refused);
        counter("meridian_store_failures", "Changes not committed, and failed syncs", CommitterFigures::failures);
    }

    private void gauge(String meter, String description, ToDoubleFunction<CommitterFigures> value) {
        Gauge.builder(meter, store, now -> value.applyAsDouble(figures.apply(now)))
                .description(description)
                .tag("store", name)
                .register(registry);
    }

    private void counter(String meter, String description, ToDoubleFunction<CommitterFigures> value) {
        FunctionCounter.builder(meter, store, now -> value.applyAsDouble(figures.apply(now)))
                .description(description)
                .tag("store", name)
                .register(registry);
    }
}
