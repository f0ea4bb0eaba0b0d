package io.meridianmq.control;

import io.meridianmq.core.mesh.ControlFigures;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** The figures of global-control's mesh as meters. */
final class ControlMeters {

    private static final String PREFIX = "meridian.control.";

    /** Replaced once a second by the mesh thread, read by whoever reads the meters. */
    private volatile ControlFigures latest = new ControlFigures(0, 0, 0, 0, 0, 0, 0, 0);

    ControlMeters(MeterRegistry registry) {
        gauge(registry, "links", "Links to region gateways that are up", ControlFigures::links);
        gauge(registry, "reporting", "Components with a report that counts", ControlFigures::reporting);
        gauge(registry, "questions", "Questions that wait for their answer", ControlFigures::questions);
        counter(
                registry,
                "reports.stale",
                "Reports of an earlier start of a component, not taken",
                ControlFigures::reportsStale);
        counter(
                registry,
                "reports.refused",
                "Reports over a bound or from the wrong gateway, not taken",
                ControlFigures::reportsRefused);
        counter(registry, "unanswered", "Questions given up", ControlFigures::unanswered);
        counter(registry, "late.answers", "Answers that nobody waited for any more", ControlFigures::lateAnswers);
        counter(registry, "misrouted", "Frames that had no business here", ControlFigures::misrouted);
    }

    void update(ControlFigures figures) {
        latest = figures;
    }

    private void gauge(
            MeterRegistry registry, String name, String description, ToDoubleFunction<ControlFigures> value) {
        Gauge.builder(PREFIX + name, this, meters -> value.applyAsDouble(meters.latest))
                .description(description)
                .register(registry);
    }

    private void counter(
            MeterRegistry registry, String name, String description, ToDoubleFunction<ControlFigures> value) {
        FunctionCounter.builder(PREFIX + name, this, meters -> value.applyAsDouble(meters.latest))
                .description(description)
                .register(registry);
    }
}
