package io.meridianmq.cli.platform;

import io.meridianmq.core.place.Place;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How many regions, zones and nodes a local platform has, and on which ports. The same shape always gives the same ports,
 * and adding a region at the end, a zone or a node moves no other port.
 *
 * @param regions names of the regions, 1 to {@value #REGIONS_MAX}, no duplicates
 * @param zones zones in each region, 1 to {@value #ZONES_MAX}, named a, b, c, ...
 * @param nodes nodes in each zone, 1 to {@value #NODES_MAX}, named 1, 2, 3, ...
 * @param clientPort where devices connect in the first region; the next regions follow in steps of 1,000
 * @param basePort first of the ports of the processes themselves: 1,000 for each region
 */
record Shape(List<String> regions, int zones, int nodes, int clientPort, int basePort) {

    static final int REGIONS_MAX = 10;
    static final int ZONES_MAX = 9;
    static final int NODES_MAX = 9;
    static final int REGION_STRIDE = 1_000;

    /** Two regions of two zones of two nodes. */
    static final Shape DEFAULT = new Shape(List.of("us-east", "eu-west"), 2, 2, 1883, 20_000);

    private static final int PORT_MIN = 1_024;
    private static final int PORT_MAX = 65_535;

    public Shape {
        regions = List.copyOf(regions);
        requireCount("regions", regions.size(), REGIONS_MAX);
        requireCount("zones", zones, ZONES_MAX);
        requireCount("nodes", nodes, NODES_MAX);
        regions.forEach(Place::region);
        if (new HashSet<>(regions).size() < regions.size()) {
            throw new IllegalArgumentException("a region is named twice in " + regions);
        }
        requirePorts("client port", clientPort, (regions.size() - 1) * REGION_STRIDE);
        requirePorts("base port", basePort, regions.size() * REGION_STRIDE - 1);
    }

    /** The zones of {@code region}, in order. */
    Stream<Place> zonesOf(String region) {
        return IntStream.range(0, zones).mapToObj(zone -> Place.zone(region, String.valueOf((char) ('a' + zone))));
    }

    private static void requireCount(String what, int count, int max) {
        if (count < 1 || count > max) {
            throw new IllegalArgumentException(count + " " + what + ": a local platform has 1 to " + max);
        }
    }

    private static void requirePorts(String what, int first, int span) {
        if (first < PORT_MIN || first + span > PORT_MAX) {
            throw new IllegalArgumentException(what + " " + first + " is out of range: this platform needs " + PORT_MIN
                    + " to " + (PORT_MAX - span));
        }
    }
}
