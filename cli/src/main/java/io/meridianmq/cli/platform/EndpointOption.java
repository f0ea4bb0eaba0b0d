package io.meridianmq.cli.platform;

import io.meridianmq.fabric.config.HostPort;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where the devices of each region connect: an option of commands that are clients of a whole platform. */
public final class EndpointOption {

    @Option(
            names = "--endpoint",
            paramLabel = "REGION=HOST:PORT",
            description = {
                "Where devices of a region connect. May be repeated.",
                "Default: the regions of the platform that \"up\" has started."
            })
    private Map<String, String> given = new LinkedHashMap<>();

    @Mixin
    private DataOption data = new DataOption();

    /**
     * Each region's address, as given, else as the data folder says.
     *
     * @throws IllegalArgumentException if one that is given is not an address
     * @throws PlatformException if none is given and no platform runs
     */
    public Map<String, HostPort> endpoints() {
        var endpoints = new LinkedHashMap<String, HostPort>();
        given.forEach((region, address) -> endpoints.put(region, parse(region, address)));
        if (endpoints.isEmpty()) {
            PlatformState.read(data.folder()).stream()
                    .flatMap(state -> state.live().stream())
                    .filter(started -> started.kind() == Kind.HAPROXY)
                    .forEach(started ->
                            endpoints.put(started.place(), new HostPort(Component.LOOPBACK, started.port())));
        }
        if (endpoints.isEmpty()) {
            throw new PlatformException("no platform is running with the data in " + data.folder()
                    + ": start one with ./meridian up --detach, or name others with --endpoint");
        }
        return endpoints;
    }

    private static HostPort parse(String region, String address) {
        try {
            return HostPort.parse(address);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "--endpoint " + region + "=" + address + ": \"" + address + "\" " + e.getMessage(), e);
        }
    }
}
