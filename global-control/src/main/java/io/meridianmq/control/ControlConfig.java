package io.meridianmq.control;

import io.meridianmq.control.console.ConsoleConfig;
import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.config.DirectoryConfig;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.config.HttpConfig;
import io.meridianmq.fabric.config.LinkConfig;
import io.meridianmq.fabric.config.Section;
import io.meridianmq.fabric.config.TlsConfig;
import io.meridianmq.fabric.relay.EtcdEndpoints;
import java.nio.file.Path;

/**
 * All that global-control is told.
 *
 * @param data folder for what outlives the process
 * @param directory the global one, where region gateways are
 * @param admin where the admin interface is served, and to whom
 */
record ControlConfig(
        Path data,
        EtcdEndpoints directory,
        LinkConfig link,
        HttpConfig http,
        AdminConfig admin,
        ConsoleConfig console) {

    private static final HostPort ANY_PORT = new HostPort("127.0.0.1", 0);

    /** Reads a whole configuration. */
    static ControlConfig read(Section root) {
        var place = root.place("place", Place.GLOBAL);
        if (place.level() != Place.Level.GLOBAL) {
            root.problem(
                    "place",
                    "is \"" + place + "\", but there is one global-control for the whole platform: write"
                            + " global, or leave it out");
        }
        var tls = TlsConfig.read(root, Place.GLOBAL);
        return new ControlConfig(
                Path.of(root.string("data")),
                new EtcdEndpoints("global", DirectoryConfig.required(root.section("directory"), "global-etcd")),
                LinkConfig.read(root.section("link"), ANY_PORT, tls),
                HttpConfig.read(root.section("http"), ANY_PORT),
                AdminConfig.read(root.section("admin"), tls),
                ConsoleConfig.read(root.section("console")));
    }
}
