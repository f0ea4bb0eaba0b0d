package io.meridianmq.cli.platform;

import io.meridianmq.cli.platform.Component.Etcd;
import io.meridianmq.cli.platform.Component.GlobalControl;
import io.meridianmq.cli.platform.Component.LoadBalancer;
import io.meridianmq.cli.platform.Component.Node;
import io.meridianmq.cli.platform.Component.RegionGateway;
import io.meridianmq.cli.platform.Component.WanProxy;
import io.meridianmq.cli.platform.Component.WanProxy.Way;
import io.meridianmq.cli.platform.Component.ZoneGateway;
import io.meridianmq.core.place.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The processes of a local platform with their ports, and the etcd that each place uses.
 *
 * <p>From the base port, for the region with index r: {@code 1000 r + 10} etcd and its peer port, {@code + 12} and
 * {@code + 13} links and HTTP of the region gateway, {@code + 14} HTTP of the load balancer, {@code + 15} the way to the
 * region gateway through a slow network; {@code 1000 r + 100 z + 1} and {@code + 2} the gateway of zone z, counted from 1;
 * {@code 1000 r + 100 z + 10 n} and the three ports after it MQTT from the load balancer, links, HTTP, and MQTT without
 * PROXY protocol of node n. global-control and the global etcd have 0 to 6, the slow network's proxy {@code + 9} for HTTP,
 * which the first region leaves free.
 *
 * @param globalEtcd {@code host:port} of the etcd of the whole platform
 * @param regionEtcd {@code host:port} of each region's etcd, by region
 * @param components the processes to start; an etcd that runs already is not among them
 */
record Layout(String globalEtcd, Map<Place, String> regionEtcd, List<Component> components) {

    Layout {
        regionEtcd = Map.copyOf(regionEtcd);
        components = List.copyOf(components);
        requireDistinctPorts(components);
    }

    /** A platform whose regions have a fast network between them. */
    static Layout of(Shape shape, RunningEtcd running) {
        return of(shape, running, Duration.ZERO);
    }

    /** @param wanDelay what is added to the way from one region to another; nothing slows it down if zero */
    static Layout of(Shape shape, RunningEtcd running, Duration wanDelay) {
        var components = new ArrayList<Component>();
        var base = shape.basePort();
        var globalEtcd = etcd(Place.GLOBAL, base, running, components);
        components.add(new GlobalControl(base + 3, base + 4, base + 5, base + 6));
        var regionEtcd = new LinkedHashMap<Place, String>();
        var ways = new ArrayList<Way>();
        for (var index = 0; index < shape.regions().size(); index++) {
            var region = Place.region(shape.regions().get(index));
            var regionBase = base + index * Shape.REGION_STRIDE;
            regionEtcd.put(region, etcd(region, regionBase + 10, running, components));
            var gateway = new RegionGateway(region, regionBase + 12, regionBase + 13);
            components.add(gateway);
            ways.add(new Way(gateway, regionBase + 15));
            var nodes = addZones(shape, region, regionBase, components);
            var clientPort = shape.clientPort() + index * Shape.REGION_STRIDE;
            components.add(new LoadBalancer(region, clientPort, regionBase + 14, nodes));
        }
        if (wanDelay.isPositive()) {
            components.add(new WanProxy(wanDelay, ways, base + 9));
        }
        return new Layout(globalEtcd, regionEtcd, components);
    }

    /** What slows down the network between regions, if anything does. */
    Optional<WanProxy> wanProxy() {
        return components.stream()
                .filter(WanProxy.class::isInstance)
                .map(WanProxy.class::cast)
                .findFirst();
    }

    private static String etcd(Place place, int port, RunningEtcd running, List<Component> components) {
        return running.of(place).orElseGet(() -> {
            components.add(new Etcd(place, port, port + 1));
            return Component.loopback(port);
        });
    }

    private static List<Node> addZones(Shape shape, Place region, int regionBase, List<Component> components) {
        var nodes = new ArrayList<Node>();
        var zoneBase = regionBase;
        for (var zone : shape.zonesOf(region.region()).toList()) {
            zoneBase += 100;
            components.add(new ZoneGateway(zone, zoneBase + 1, zoneBase + 2));
            var firstNode = zoneBase;
            IntStream.rangeClosed(1, shape.nodes()).forEach(number -> {
                var port = firstNode + 10 * number;
                var place = Place.node(zone.region(), zone.zone(), String.valueOf(number));
                nodes.add(new Node(place, port, port + 1, port + 2, port + 3));
            });
        }
        components.addAll(nodes);
        return nodes;
    }

    private static void requireDistinctPorts(List<Component> components) {
        var owners = new LinkedHashMap<Integer, Component>();
        for (var component : components) {
            for (var port : component.ports()) {
                var other = owners.putIfAbsent(port, component);
                if (other != null) {
                    throw new IllegalArgumentException("port " + port + " would be used by " + other.name() + " and by "
                            + component.name() + ": choose another client port or base port");
                }
            }
        }
    }
}
