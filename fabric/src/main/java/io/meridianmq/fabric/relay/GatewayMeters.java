package io.meridianmq.fabric.relay;

import io.meridianmq.core.mesh.GatewayFigures;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The figures of a gateway's mesh: as meters, and by the meters' names for its reports. */
final class GatewayMeters {

    private enum Kind {
        GAUGE,
        COUNTER
    }

    private record Figure(String meter, String description, Kind kind, ToDoubleFunction<GatewayFigures> value) {

        /** As Prometheus shows the meter. */
        String name() {
            var name = meter.replace('.', '_');
            return switch (kind) {
                case GAUGE -> name;
                case COUNTER -> name + "_total";
            };
        }
    }

    private static final List<Figure> ALL = List.of(
            gauge("literals", "Literal filters wanted below", GatewayFigures::literals),
            gauge("digests", "Places whose digest is held", GatewayFigures::digests),
            gauge("links", "Links that are up", GatewayFigures::links),
            counter("forwarded", "Frames passed on", GatewayFigures::forwarded),
            counter(
                    "false.positives",
                    "Publications that came because of a digest or an address, and that nobody here wants",
                    GatewayFigures::falsePositives),
            counter("backwards", "Frames dropped that would have gone back", GatewayFigures::backwards),
            counter("unreachable", "Frames dropped without a way on", GatewayFigures::unreachable),
            counter("too.far", "Frames dropped over the hop limit", GatewayFigures::tooFar),
            new Figure(
                    "meridian.settings.version",
                    "Version of the platform's settings that this gateway hands down",
                    Kind.GAUGE,
                    GatewayFigures::settingsVersion),
            new Figure(
                    "meridian.slots.table.version",
                    "Version of the zone's slot table that this gateway goes by",
                    Kind.GAUGE,
                    GatewayFigures::slotTableVersion));

    /** Replaced once a second by the mesh thread, read by whoever reads the meters. */
    private volatile GatewayFigures latest = new GatewayFigures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    GatewayMeters(MeterRegistry registry) {
        for (var figure : ALL) {
            ToDoubleFunction<GatewayMeters> value = meters -> figure.value().applyAsDouble(meters.latest);
            switch (figure.kind()) {
                case GAUGE ->
                    Gauge.builder(figure.meter(), this, value)
                            .description(figure.description())
                            .register(registry);
                case COUNTER ->
                    FunctionCounter.builder(figure.meter(), this, value)
                            .description(figure.description())
                            .register(registry);
            }
        }
    }

    /** Brings the meters up to date; returns the figures by name. */
    Map<String, Double> update(GatewayFigures figures) {
        latest = figures;
        return ALL.stream()
                .collect(Collectors.toMap(Figure::name, figure -> figure.value().applyAsDouble(figures)));
    }

    private static Figure gauge(String name, String description, ToDoubleFunction<GatewayFigures> value) {
        return new Figure("meridian.gateway." + name, description, Kind.GAUGE, value);
    }

    private static Figure counter(String name, String description, ToDoubleFunction<GatewayFigures> value) {
        return new Figure("meridian.gateway." + name, description, Kind.COUNTER, value);
    }
}
