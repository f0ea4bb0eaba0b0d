package io.meridianmq.broker.mesh;

import io.meridianmq.core.mesh.NodeFigures;
import io.meridianmq.core.retained.RetainedFigures;
import io.meridianmq.core.stream.StreamFigures;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The mesh of this node in meters, and in what it reports of itself. Written by the mesh thread, read by any. */
final class NodeMeters {

    private static final NodeFigures NOTHING_YET =
            new NodeFigures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, RetainedFigures.NONE, StreamFigures.NONE);

    private static final List<String> REPORTED = List.of(
            "mqtt_connections",
            "mqtt_sessions",
            "mqtt_messages_total",
            "mqtt_messages_delivered_locally",
            "mqtt_messages_routed_remote",
            "meridian_interest_own_filters",
            "meridian_links_up",
            "meridian_lane_frames",
            "meridian_settings_version",
            "meridian_slots_owned",
            "meridian_slots_standby",
            "meridian_slots_unowned",
            "meridian_zone_leader");

    private final MeterRegistry registry;
    private volatile NodeFigures figures = NOTHING_YET;

    NodeMeters(MeterRegistry registry) {
        this.registry = registry;
        gauge("meridian_interest_own_filters", "Filters that this node wants", NodeFigures::ownFilters);
        gauge(
                "meridian_interest_remote_literals",
                "Literal filters that the other nodes of the zone want",
                NodeFigures::remoteLiterals);
        gauge("meridian_digests_held", "Zones and regions whose digest is held", NodeFigures::digests);
        gauge("meridian_links_up", "Links that are up", NodeFigures::links);
        gauge("meridian_lane_frames", "Publications waiting in lanes", NodeFigures::laneFrames);
        gauge("meridian_lane_bytes", "Bytes of publications waiting in lanes", NodeFigures::laneBytes);
        counter("meridian_lane_resends", "Lane frames sent more than once", NodeFigures::laneResends);
        counter(
                "meridian_lane_gone",
                "Publications whose destination ended before it accepted them",
                NodeFigures::laneGone);
        gauge(
                "meridian_lane_unkept",
                "Publications that lanes brought and durable sessions have not kept yet",
                NodeFigures::laneUnkept);
        counter(
                "meridian_subscribe_capped",
                "SUBACKs sent before every member of the zone knew",
                NodeFigures::visibilityCapped);
        counter(
                "meridian_publications_repeated",
                "QoS 1 and 2 publications that came again by another way and were recognised",
                NodeFigures::repeated);
        gauge(
                "meridian_settings_version",
                "Version of the platform's settings that this node follows",
                NodeFigures::settingsVersion);
        counter("meridian_frames_misrouted", "Frames for somebody else", NodeFigures::misrouted);
        counter(
                "meridian_outbox_dropped",
                "Publications not sent to another zone or region, since too much waited for it",
                NodeFigures::outboxDropped);
        retained();
        streams();
    }

    private void retained() {
        counter(
                "meridian_retained_puts",
                "Publishes with RETAIN",
                figures -> figures.retained().puts());
        gauge(
                "meridian_retained_puts_under_way",
                "Retained messages that are not yet on every disk they should be on",
                figures -> figures.retained().putsUnderWay());
        counter(
                "meridian_retained_puts_refused",
                "Publishes with RETAIN that were refused because too many were under way",
                figures -> figures.retained().putsRefused());
        counter(
                "meridian_retained_lookups",
                "Pages of retained messages that subscribers asked for",
                figures -> figures.retained().lookups());
        counter(
                "meridian_retained_lookup_missed",
                "Nodes, zones and regions that did not answer a look-up of retained messages",
                figures -> figures.retained().missed());
        gauge(
                "meridian_retained_outbox",
                "Retained messages that other zones and regions have yet to get",
                figures -> figures.retained().outbox());
        counter(
                "meridian_retained_deferred",
                "Retained messages that found the outbox full and go when their slot is gone through",
                figures -> figures.retained().deferred());
        gauge(
                "meridian_retained_slots_due",
                "Slots that are yet to be filled at a copy, settled or compared",
                figures -> figures.retained().slotsDue());
        counter(
                "meridian_retained_filled",
                "Copies of slots filled with retained messages",
                figures -> figures.retained().filled());
        counter(
                "meridian_retained_handed_over",
                "Retained messages given to where they belong",
                figures -> figures.retained().handedOver());
        counter(
                "meridian_retained_differences",
                "Slots that another region had otherwise",
                figures -> figures.retained().differences());
    }

    private void streams() {
        gauge(
                "meridian_streams",
                "Nodes of the zone with which there is a stream",
                figures -> figures.streams().streams());
        gauge(
                "meridian_stream_held_bytes",
                "Bytes said on streams and not acknowledged",
                figures -> figures.streams().heldBytes());
        counter(
                "meridian_stream_sent",
                "Items said on streams",
                figures -> figures.streams().sent());
        counter(
                "meridian_stream_resent",
                "Items sent again on streams",
                figures -> figures.streams().resent());
        counter(
                "meridian_stream_taken",
                "Items that came on streams",
                figures -> figures.streams().taken());
        counter(
                "meridian_stream_broken",
                "Streams that ended while their nodes were listed",
                figures -> figures.streams().broken());
        counter(
                "meridian_stream_ignored",
                "Parts of streams not taken",
                figures -> figures.streams().ignored());
    }

    /** Takes over new figures, and gives what the node reports upward: these, and what its clients do. */
    Map<String, Double> update(NodeFigures newer) {
        figures = newer;
        var report = new LinkedHashMap<String, Double>();
        for (var name : REPORTED) {
            for (var meter : registry.find(name).meters()) {
                for (var measurement : meter.measure()) {
                    report.merge(name, measurement.getValue(), Double::sum);
                }
            }
        }
        return report;
    }

    private void gauge(String name, String description, ToDoubleFunction<NodeFigures> value) {
        Gauge.builder(name, this, meters -> value.applyAsDouble(meters.figures))
                .description(description)
                .register(registry);
    }

    private void counter(String name, String description, ToDoubleFunction<NodeFigures> value) {
        FunctionCounter.builder(name, this, meters -> value.applyAsDouble(meters.figures))
                .description(description)
                .register(registry);
    }
}
