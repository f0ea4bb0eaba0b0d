package io.meridianmq.gateway.zone;

import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.config.DirectoryConfig;
import io.meridianmq.fabric.config.Section;
import io.meridianmq.fabric.relay.EtcdEndpoints;
import io.meridianmq.fabric.relay.GatewayConfig;
import io.meridianmq.fabric.relay.GatewayProcess;
import java.util.List;

/** The program {@code zone-gateway}: what connects the nodes of a zone with the rest of the platform. */
public final class Main {

    private static final Place EXAMPLE = Place.zone("us-east", "a");

    private Main() {}

    /** Runs a zone gateway until it is told to stop; exit code 2 for a bad command line or configuration. */
    public static void main(String[] args) {
        GatewayProcess.main("zone-gateway", args, Main::read);
    }

    private static GatewayConfig read(Section root) {
        var region = new EtcdEndpoints("region", DirectoryConfig.required(root.section("directory"), "etcd"));
        return GatewayConfig.read(root, EXAMPLE, List.of(region));
    }
}
