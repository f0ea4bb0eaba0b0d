package io.meridianmq.cli.load;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/**
 * What a fleet is and does.
 *
 * @param topics of this run
 * @param endpoints the regions, 1 to {@value #REGIONS_MAX}; devices are spread over them evenly
 * @param devices 1 to {@value #DEVICES_MAX}
 * @param rate messages a second, all devices together; above 0
 * @param commandRate commands a second; 0 for none
 * @param connectRate connects a second
 * @param duration how long messages are published
 * @param grace how long a message may be on its way until it counts as lost
 */
record FleetSettings(
        Topics topics,
        List<Endpoint> endpoints,
        int devices,
        double rate,
        QosMix mix,
        double commandRate,
        double connectRate,
        int keepAliveSeconds,
        Duration duration,
        Duration grace) {

    static final int REGIONS_MAX = 16;
    static final int DEVICES_MAX = 100_000;

    FleetSettings {
        endpoints = List.copyOf(endpoints);
        require(endpoints.size() <= REGIONS_MAX, "--endpoint: at most " + REGIONS_MAX + " regions");
        require(
                new HashSet<>(endpoints.stream().map(Endpoint::region).toList()).size() == endpoints.size(),
                "--endpoint: a region is named twice");
        require(devices >= 1 && devices <= DEVICES_MAX, "--devices is 1 to " + DEVICES_MAX);
        require(rate > 0, "--rate is above 0");
        require(commandRate >= 0, "--command-rate is not negative");
        require(connectRate > 0, "--connect-rate is above 0");
        require(keepAliveSeconds >= 1 && keepAliveSeconds <= 65_535, "--keep-alive is 1 to 65535");
        require(!duration.isZero(), "--duration is above 0");
        require(!grace.isZero(), "--grace is above 0");
    }

    /** Where a device is. */
    Endpoint endpointOf(int device) {
        return endpoints.get(device % endpoints.size());
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
