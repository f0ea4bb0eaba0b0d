package io.meridianmq.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.mesh.GatewayMesh;
import io.meridianmq.core.mesh.MeshSettings;
import io.meridianmq.core.mesh.Outlet;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.route.AddressRules;
import io.meridianmq.fabric.config.FreePort;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.config.LinkConfig;
import io.meridianmq.fabric.directory.EtcdDirectory;
import io.meridianmq.fabric.directory.EtcdServer;
import io.meridianmq.fabric.link.LinkSettings;
import io.meridianmq.fabric.link.OpaqueBytes;
import io.meridianmq.fabric.relay.GatewayProgram;
import io.meridianmq.fabric.relay.MeshRunner;
import io.meridianmq.fabric.relay.MeshSetup;
import io.meridianmq.proto.admin.v1.Component;
import io.meridianmq.proto.admin.v1.ListRegionsRequest;
import io.meridianmq.proto.admin.v1.PlatformGrpc;
import io.meridianmq.proto.admin.v1.Region;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in a process of its own. */
class MainTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final HostPort ANY_PORT = new HostPort("127.0.0.1", 0);

    private final HostPort admin = FreePort.next();
    private final HostPort console = FreePort.next();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void saysWhereTheConfigurationIsWrong() {
        try (var control = program()) {
            control.configureText("""
                    place: us-east
                    data: data
                    directory: {etcd: ["127.0.0.1:2379"]}
                    link: {insecure: true}
                    admin:
                      bind: 0.0.0.0:20003
                      insecure: true
                    console:
                      bind: 0.0.0.0:20006
                    """).start("--check-config");
            assertThat(control.exitCode()).isEqualTo(2);
            assertThat(control.output())
                    .contains(control.config() + ":1:8: place is \"us-east\", but there is one global-control")
                    .contains("directory.global-etcd is missing or empty")
                    .contains("unknown key \"directory.etcd\"")
                    .contains("admin.bind is 0.0.0.0:20003, which other machines can reach")
                    .contains("give tls")
                    .contains("console.bind is 0.0.0.0:20006, which other machines can reach");
        }
    }

    @Test
    void printsTheConfigurationInForce() {
        try (var control = configured("127.0.0.1:2379")) {
            control.start("--check-config");
            assertThat(control.exitCode()).isZero();
            assertThat(control.output())
                    .contains("place = global", "directory.global-etcd = [127.0.0.1:2379]", "admin.bind = " + admin);
        }
    }

    @Test
    void namesTheAdminPortThatIsTaken() throws IOException {
        try (var taken = new ServerSocket(admin.port(), 1, InetAddress.getByName(admin.host()));
                var control = configured("127.0.0.1:1")) {
            assertThat(taken.isBound()).isTrue();
            control.start();
            assertThat(control.exitCode()).isEqualTo(2);
            assertThat(control.output())
                    .contains("cannot serve the admin interface on " + admin)
                    .contains("set admin.bind");
        }
    }

    @Test
    void namesTheConsolePortThatIsTaken() throws IOException {
        try (var taken = new ServerSocket(console.port(), 1, InetAddress.getByName(console.host()));
                var control = configured("127.0.0.1:1")) {
            assertThat(taken.isBound()).isTrue();
            control.start();
            assertThat(control.exitCode()).isEqualTo(2);
            assertThat(control.output())
                    .contains("cannot serve the console on " + console)
                    .contains("set console.bind");
        }
    }

    @Test
    @Tag("server")
    void showsARegionThatRegistersAndReports() throws Exception {
        try (var etcd = EtcdServer.stopped(folder.resolve("etcd"));
                var control = configured(etcd.address().toString())) {
            control.start();
            var channel = NettyChannelBuilder.forAddress(
                            admin.host(), admin.port(), InsecureChannelCredentials.create())
                    .build();
            try {
                eventually(() -> assertThat(control.health()).contains("etcd at [" + etcd.address() + "]"));
                eventually(() -> assertThat(health(channel)).isEqualTo(ServingStatus.NOT_SERVING));
                etcd.start();
                eventually(() -> assertThat(health(channel)).isEqualTo(ServingStatus.SERVING));
                eventually(() -> assertThat(control.isReady()).isTrue());
                try (var gateway = regionGateway(etcd)) {
                    eventually(() -> {
                        var regions = regions(channel);
                        assertThat(regions).hasSize(1);
                        var region = regions.getFirst().getGateway();
                        assertThat(region.getPlace()).isEqualTo("us-east");
                        assertThat(region.getState()).isEqualTo(Component.State.STATE_LIVE);
                        assertThat(region.getFiguresMap()).containsEntry("answer", 42.0);
                        assertThat(region.getLinksList())
                                .singleElement()
                                .satisfies(link -> assertThat(link.getPeer()).isEqualTo("global"))
                                .satisfies(link -> assertThat(link.getUp()).isTrue())
                                .satisfies(link -> assertThat(link.getReceivedBytesPerSecond())
                                        .isNotNegative());
                        assertThat(region.getLinkAddress())
                                .isEqualTo(gateway.member().linkAddress());
                    });
                }
                eventually(() -> assertThat(control.metrics()).contains("meridian_control_links 0.0"));
            } finally {
                channel.shutdownNow();
            }
            assertThat(control.stop()).isZero();
        }
    }

    private MeshRunner<GatewayMesh> regionGateway(EtcdServer etcd) {
        var place = Place.region("us-east");
        var directory = EtcdDirectory.start("global", List.of(etcd.address()), taken -> {
            throw new AssertionError(taken);
        });
        var setup = new MeshSetup(
                place,
                1,
                new LinkConfig(ANY_PORT, ANY_PORT, ANY_PORT, Optional.empty()),
                LinkSettings.DEFAULTS,
                "",
                "",
                OpaqueBytes.CODEC,
                List.of(directory),
                (what, failure) -> {
                    throw new AssertionError(what, failure);
                });
        return MeshRunner.start(
                setup,
                (send, nowNanos) -> new GatewayMesh(
                        place,
                        1,
                        AddressRules.of(AddressRules.DEFAULT_TEMPLATES),
                        MeshSettings.DEFAULT,
                        new SendOnly(send),
                        nowNanos),
                mesh -> Map.of("answer", 42.0));
    }

    private GatewayProgram program() {
        return new GatewayProgram(Main.class, folder.resolve("control"));
    }

    private GatewayProgram configured(String etcd) {
        var program = program();
        return program.configureText(
                """
                place: global
                data: %s
                directory: {global-etcd: ["%s"]}
                link: {bind: "%s", insecure: true}
                http: {bind: "%s"}
                admin: {bind: "%s", insecure: true}
                console: {bind: "%s"}
                """.formatted(folder.resolve("data"), etcd, FreePort.next(), program.http(), admin, console));
    }

    private static ServingStatus health(ManagedChannel channel) {
        return HealthGrpc.newBlockingStub(channel)
                .check(HealthCheckRequest.newBuilder()
                        .setService(PlatformGrpc.SERVICE_NAME)
                        .build())
                .getStatus();
    }

    private static List<Region> regions(ManagedChannel channel) {
        return PlatformGrpc.newBlockingStub(channel)
                .listRegions(ListRegionsRequest.getDefaultInstance())
                .getRegionsList();
    }

    private static void eventually(ThrowingRunnable assertion) {
        await().pollInterval(Duration.ofMillis(100))
                .atMost(PATIENCE)
                .ignoreException(StatusRuntimeException.class)
                .untilAsserted(assertion);
    }

    private record SendOnly(BiConsumer<Place, Frame> send) implements Outlet {

        @Override
        public void send(Place neighbour, Frame frame) {
            send.accept(neighbour, frame);
        }

        @Override
        public void asked(Frame.Request request) {}

        @Override
        public void answered(Frame.Response response) {}

        @Override
        public void reported(Frame.Report report) {}
    }
}
