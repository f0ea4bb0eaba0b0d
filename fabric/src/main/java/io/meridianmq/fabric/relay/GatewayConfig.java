package io.meridianmq.fabric.relay;

import io.meridianmq.core.place.Place;
import io.meridianmq.core.route.AddressRules;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.config.HttpConfig;
import io.meridianmq.fabric.config.LinkConfig;
import io.meridianmq.fabric.config.Section;
import io.meridianmq.fabric.config.TlsConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * All that one gateway is told.
 *
 * @param place the zone or region it serves
 * @param data folder for what outlives the process
 * @param directories where it is listed and whom it follows; the first is its region's
 * @param addresses which topics carry their home; the same on the whole platform
 */
public record GatewayConfig(
        Place place,
        Path data,
        List<EtcdEndpoints> directories,
        LinkConfig link,
        HttpConfig http,
        AddressRules addresses) {

    private static final HostPort ANY_PORT = new HostPort("127.0.0.1", 0);

    public GatewayConfig {
        directories = List.copyOf(directories);
    }

    /** The directory of the whole platform, which region gateways follow besides their region's. */
    Optional<EtcdEndpoints> global() {
        return directories.stream().skip(1).findFirst();
    }

    /**
     * Reads the keys that both kinds of gateway have.
     *
     * @param example a place of the kind that the gateway serves
     * @param directories read already
     */
    public static GatewayConfig read(Section root, Place example, List<EtcdEndpoints> directories) {
        var place = readPlace(root, example);
        return new GatewayConfig(
                place,
                Path.of(root.string("data")),
                directories,
                LinkConfig.read(root.section("link"), ANY_PORT, TlsConfig.read(root, place)),
                HttpConfig.read(root.section("http"), ANY_PORT),
                readAddresses(root));
    }

    /** With what a gateway that is listed beyond its home as well is told about that: key {@code link.advertise-beyond}. */
    public GatewayConfig withBeyond(Section root) {
        return new GatewayConfig(place, data, directories, link.withBeyond(root.section("link")), http, addresses);
    }

    private static Place readPlace(Section root, Place example) {
        if (!root.has("place")) {
            return root.place("place");
        }
        var place = root.place("place", example);
        if (place.level() != example.level()) {
            root.problem(
                    "place", "is \"" + place + "\", which this gateway cannot serve: write one such as " + example);
        }
        return place;
    }

    public static AddressRules readAddresses(Section root) {
        try {
            return AddressRules.of(root.strings("addresses", AddressRules.DEFAULT_TEMPLATES));
        } catch (IllegalArgumentException e) {
            root.problem("addresses", "cannot be used: " + e.getMessage());
            return AddressRules.of(AddressRules.DEFAULT_TEMPLATES);
        }
    }
}
