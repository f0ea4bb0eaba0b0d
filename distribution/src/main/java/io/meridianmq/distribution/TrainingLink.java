package io.meridianmq.distribution;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.mesh.GatewayMesh;
import io.meridianmq.core.mesh.MeshSettings;
import io.meridianmq.core.mesh.Outlet;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.route.AddressRules;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.config.LinkConfig;
import io.meridianmq.fabric.directory.StaticDirectory;
import io.meridianmq.fabric.link.LinkFigures;
import io.meridianmq.fabric.link.LinkSettings;
import io.meridianmq.fabric.link.OpaqueBytes;
import io.meridianmq.fabric.relay.MeshRunner;
import io.meridianmq.fabric.relay.MeshSetup;
import io.meridianmq.fabric.tls.Credentials;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** One end of a link between two gateways, which know of each other without etcd. */
final class TrainingLink implements AutoCloseable {

    private static final AddressRules RULES = AddressRules.of(AddressRules.DEFAULT_TEMPLATES);

    private final StaticDirectory directory = new StaticDirectory(List.of());
    private final MeshRunner<GatewayMesh> runner;

    TrainingLink(Place place, Credentials credentials) {
        var anyPort = new HostPort("127.0.0.1", 0);
        var setup = new MeshSetup(
                place,
                1,
                new LinkConfig(anyPort, anyPort, anyPort, Optional.of(credentials)),
                LinkSettings.DEFAULTS,
                "",
                "",
                OpaqueBytes.CODEC,
                List.of(directory),
                (what, cause) -> {
                    throw new IllegalStateException(what, cause);
                });
        runner = MeshRunner.start(
                setup,
                (send, nowNanos) ->
                        new GatewayMesh(place, 1, RULES, MeshSettings.DEFAULT, new SendOnly(send), nowNanos),
                _ -> Map.of());
    }

    /** Lets this end know where the other one is. */
    void meet(TrainingLink other) {
        var _ = directory.register(other.runner.member());
    }

    boolean isUp() {
        return runner.linkFigures().values().stream().anyMatch(LinkFigures::up);
    }

    @Override
    public void close() {
        runner.close();
    }

    private record SendOnly(BiConsumer<Place, Frame> toLink) implements Outlet {

        @Override
        public void send(Place neighbour, Frame frame) {
            toLink.accept(neighbour, frame);
        }

        @Override
        public void asked(Frame.Request request) {
            // Nobody asks.
        }

        @Override
        public void answered(Frame.Response response) {
            // Nothing was asked.
        }

        @Override
        public void reported(Frame.Report report) {
            // Passed upward by the mesh.
        }
    }
}
