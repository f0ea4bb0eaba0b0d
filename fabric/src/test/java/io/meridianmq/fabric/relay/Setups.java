package io.meridianmq.fabric.relay;

import io.meridianmq.core.mesh.GatewayMesh;
import io.meridianmq.core.mesh.MeshSettings;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.route.AddressRules;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.config.LinkConfig;
import io.meridianmq.fabric.directory.Directory;
import io.meridianmq.fabric.link.LinkSettings;
import io.meridianmq.fabric.link.OpaqueBytes;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Components of tests, on free ports of the loopback interface. */
final class Setups {

    static final AddressRules RULES = AddressRules.of(AddressRules.DEFAULT_TEMPLATES);

    private Setups() {}

    static MeshSetup of(Place place, long boot, List<Directory> directories) {
        return at(new HostPort("127.0.0.1", 0), place, boot, directories);
    }

    static MeshSetup at(HostPort bind, Place place, long boot, List<Directory> directories) {
        return of(new LinkConfig(bind, bind, bind, Optional.empty()), place, boot, directories);
    }

    /** @param beyond under which address directories other than the first list it */
    static MeshSetup reached(HostPort beyond, Place place, long boot, List<Directory> directories) {
        var bind = new HostPort("127.0.0.1", 0);
        return of(new LinkConfig(bind, bind, beyond, Optional.empty()), place, boot, directories);
    }

    private static MeshSetup of(LinkConfig link, Place place, long boot, List<Directory> directories) {
        return new MeshSetup(
                place, boot, link, LinkSettings.DEFAULTS, "", "", OpaqueBytes.CODEC, directories, (what, cause) -> {
                    throw new AssertionError(what + " failed", cause);
                });
    }

    static MeshRunner<GatewayMesh> gateway(String place, long boot, Directory... directories) {
        return gateway(of(Place.parse(place), boot, List.of(directories)));
    }

    static MeshRunner<GatewayMesh> gateway(MeshSetup setup) {
        return MeshRunner.start(
                setup,
                (send, nowNanos) -> new GatewayMesh(
                        setup.place(), setup.boot(), RULES, MeshSettings.DEFAULT, new GatewayOutlet(send), nowNanos),
                _ -> Map.of());
    }
}
