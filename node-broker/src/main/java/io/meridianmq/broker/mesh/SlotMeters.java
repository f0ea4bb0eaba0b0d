package io.meridianmq.broker.mesh;

import io.meridianmq.core.slot.SlotFigures;
import io.meridianmq.core.slot.SlotHash;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** What this node has to do with the slots of its zone in meters. Written by the mesh thread, read by any. */
final class SlotMeters {

    private static final SlotFigures NOTHING_YET = new SlotFigures(0, 0, SlotHash.COUNT, 0, false, false, 0, 0, 0);

    private final MeterRegistry registry;
    private volatile SlotFigures figures = NOTHING_YET;

    SlotMeters(MeterRegistry registry) {
        this.registry = registry;
        gauge("meridian_slots_owned", "Slots that this node serves", SlotFigures::owned);
        gauge("meridian_slots_standby", "Slots of which this node has the second copy", SlotFigures::standby);
        gauge("meridian_slots_unowned", "Slots of the zone that nobody serves", SlotFigures::unowned);
        gauge(
                "meridian_slots_table_version",
                "Version of the zone's slot table that this node goes by",
                SlotFigures::tableVersion);
        gauge(
                "meridian_slots_suspended",
                "Whether this node acts on no slot because it may have been replaced",
                latest -> latest.suspended() ? 1 : 0);
        gauge("meridian_zone_leader", "Whether this node leads its zone", latest -> latest.leads() ? 1 : 0);
        counter("meridian_slots_handed_over", "Slots that this node got or gave away", SlotFigures::handOvers);
        counter("meridian_slots_tables", "Slot tables proposed while leading the zone", SlotFigures::tables);
        counter("meridian_slots_tables_lost", "Slot tables proposed that were not written", SlotFigures::tablesLost);
    }

    /** Takes over new figures. */
    void update(SlotFigures newer) {
        figures = newer;
    }

    private void gauge(String name, String description, ToDoubleFunction<SlotFigures> value) {
        Gauge.builder(name, this, meters -> value.applyAsDouble(meters.figures))
                .description(description)
                .register(registry);
    }

    private void counter(String name, String description, ToDoubleFunction<SlotFigures> value) {
        FunctionCounter.builder(name, this, meters -> value.applyAsDouble(meters.figures))
                .description(description)
                .register(registry);
    }
}
