package io.meridianmq.gateway.region;

import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.config.DirectoryConfig;
import io.meridianmq.fabric.config.Section;
import io.meridianmq.fabric.relay.EtcdEndpoints;
import io.meridianmq.fabric.relay.GatewayConfig;
import io.meridianmq.fabric.relay.GatewayProcess;
import java.util.List;

/**
 * The program {@code region-gateway}: what connects the zones of a region with other regions and with global-control.
 *
 * <p>It is a member of two directories: its region's, where its zone gateways are, and the global one, where the other
 * regions' gateways and global-control are.
 */
public final class Main {

    private static final Place EXAMPLE = Place.region("us-east");

    private Main() {}

    /** Runs a region gateway until it is told to stop; exit code 2 for a bad command line or configuration. */
    public static void main(String[] args) {
        GatewayProcess.main("region-gateway", args, Main::read);
    }

    private static GatewayConfig read(Section root) {
        var directory = root.section("directory");
        var region = new EtcdEndpoints("region", DirectoryConfig.required(directory, "etcd"));
        var global = new EtcdEndpoints("global", DirectoryConfig.required(directory, "global-etcd"));
        return GatewayConfig.read(root, EXAMPLE, List.of(region, global)).withBeyond(root);
    }
}
