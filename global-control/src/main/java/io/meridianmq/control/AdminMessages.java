package io.meridianmq.control;

import com.google.protobuf.Timestamp;
import io.meridianmq.core.mesh.KnownComponent;
import io.meridianmq.core.mesh.LiveFigures;
import io.meridianmq.core.mesh.LiveLink;
import io.meridianmq.core.place.Place;
import io.meridianmq.proto.admin.v1.Component;
import io.meridianmq.proto.admin.v1.ExplainResponse;
import io.meridianmq.proto.admin.v1.Hop;
import io.meridianmq.proto.admin.v1.Link;
import io.meridianmq.proto.admin.v1.Node;
import io.meridianmq.proto.admin.v1.Region;
import io.meridianmq.proto.admin.v1.Unanswered;
import io.meridianmq.proto.admin.v1.WatchPlatformResponse;
import io.meridianmq.proto.admin.v1.Zone;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * The platform at one moment in the words of the admin interface.
 *
 * @param components everybody who is known
 * @param nowNanos reading of {@link System#nanoTime} at that moment
 * @param nowMillis milliseconds since 1970 at that moment
 */
record AdminMessages(SortedMap<Place, KnownComponent> components, long nowNanos, long nowMillis) {

    private static final Duration LIVE = Duration.ofSeconds(3);

    static AdminMessages of(Platform platform, InstantSource clock) {
        return new AdminMessages(platform.components(), System.nanoTime(), clock.millis());
    }

    boolean knows(Place place) {
        return components.containsKey(place);
    }

    List<Region> regions() {
        return at(Place.Level.REGION, Place.GLOBAL).map(this::region).toList();
    }

    /** Those that {@code parent} is or contains. */
    List<Zone> zones(Place parent) {
        return at(Place.Level.ZONE, parent).map(this::zone).toList();
    }

    /** Those that {@code parent} is or contains. */
    List<Node> nodes(Place parent) {
        return at(Place.Level.NODE, parent).map(this::node).toList();
    }

    Region region(KnownComponent gateway) {
        var place = gateway.member().place();
        return Region.newBuilder()
                .setGateway(component(gateway))
                .setZones((int) at(Place.Level.ZONE, place).count())
                .setNodes((int) at(Place.Level.NODE, place).count())
                .build();
    }

    Zone zone(KnownComponent gateway) {
        var place = gateway.member().place();
        return Zone.newBuilder()
                .setGateway(component(gateway))
                .setNodes((int) at(Place.Level.NODE, place).count())
                .build();
    }

    Node node(KnownComponent node) {
        return Node.newBuilder().setComponent(component(node)).build();
    }

    WatchPlatformResponse platform() {
        return WatchPlatformResponse.newBuilder()
                .addAllRegions(regions())
                .addAllZones(zones(Place.GLOBAL))
                .addAllNodes(nodes(Place.GLOBAL))
                .build();
    }

    static ExplainResponse explained(Route route) {
        var response = ExplainResponse.newBuilder();
        for (var hop : route.hops()) {
            response.addHops(Hop.newBuilder()
                    .setAt(hop.at().toString())
                    .setDestination(hop.destination().toString())
                    .setNextHop(hop.nextHop().toString())
                    .setReason(hop.reason())
                    .setBlocked(hop.isBlocked()));
        }
        for (var missing : route.unanswered()) {
            response.addUnanswered(
                    Unanswered.newBuilder().setPlace(missing.place().toString()).setReason(missing.reason()));
        }
        return response.build();
    }

    private Component component(KnownComponent known) {
        var member = known.member();
        var component = Component.newBuilder()
                .setPlace(member.place().toString())
                .setBoot(member.boot())
                .setLinkAddress(member.linkAddress())
                .setClientAddress(member.clientAddress())
                .setMetricsAddress(member.metricsAddress())
                .setDraining(member.draining())
                .setState(Component.State.STATE_SILENT);
        known.live()
                .ifPresent(live -> component
                        .setReportedAt(reportedAt(live))
                        .putAllFigures(live.figures())
                        .putAllFiguresPerSecond(live.perSecond())
                        .addAllLinks(
                                live.links().stream().map(AdminMessages::link).toList())
                        .setState(stateOf(live)));
        return component.build();
    }

    private static Link link(LiveLink live) {
        var link = Link.newBuilder()
                .setPeer(live.last().peer().toString())
                .setUp(live.last().up())
                .setSentBytesPerSecond(live.sentBytesPerSecond())
                .setReceivedBytesPerSecond(live.receivedBytesPerSecond());
        if (live.last().roundTripMicros() > 0) {
            link.setRoundTrip(ofMicros(live.last().roundTripMicros()));
        }
        return link.build();
    }

    private static com.google.protobuf.Duration ofMicros(long micros) {
        var duration = Duration.of(micros, ChronoUnit.MICROS);
        return com.google.protobuf.Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }

    private Component.State stateOf(LiveFigures live) {
        return nowNanos - live.heardNanos() <= LIVE.toNanos()
                ? Component.State.STATE_LIVE
                : Component.State.STATE_SILENT;
    }

    private Timestamp reportedAt(LiveFigures live) {
        var at = Instant.ofEpochMilli(nowMillis).minusNanos(nowNanos - live.heardNanos());
        return Timestamp.newBuilder()
                .setSeconds(at.getEpochSecond())
                .setNanos(at.getNano())
                .build();
    }

    private Stream<KnownComponent> at(Place.Level level, Place within) {
        // A place comes right before what it contains.
        return components.tailMap(within).values().stream()
                .takeWhile(known -> within.contains(known.member().place()))
                .filter(known -> known.member().place().level() == level);
    }
}
