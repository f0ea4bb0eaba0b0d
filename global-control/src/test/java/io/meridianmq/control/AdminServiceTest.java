package io.meridianmq.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.Context;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.proto.admin.v1.Component;
import io.meridianmq.proto.admin.v1.ExplainRequest;
import io.meridianmq.proto.admin.v1.ExplainResponse;
import io.meridianmq.proto.admin.v1.GetNodeRequest;
import io.meridianmq.proto.admin.v1.GetRegionRequest;
import io.meridianmq.proto.admin.v1.GetZoneRequest;
import io.meridianmq.proto.admin.v1.Link;
import io.meridianmq.proto.admin.v1.ListNodesRequest;
import io.meridianmq.proto.admin.v1.ListRegionsRequest;
import io.meridianmq.proto.admin.v1.ListZonesRequest;
import io.meridianmq.proto.admin.v1.PlatformGrpc;
import io.meridianmq.proto.admin.v1.Unanswered;
import io.meridianmq.proto.admin.v1.WatchPlatformRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The admin interface over a socket, with real meshes behind it. */
class AdminServiceTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final SmallPlatform platform = new SmallPlatform();
    private final AdminServer server = AdminServer.start(
            new AdminConfig(new HostPort("127.0.0.1", 0), Optional.empty()),
            List.of(new AdminService(
                    platform.platform(), InstantSource.fixed(NOW), Duration.ofSeconds(2), Duration.ofMillis(20))));
    private final ManagedChannel channel = NettyChannelBuilder.forAddress(
                    "127.0.0.1", server.address().port(), InsecureChannelCredentials.create())
            .build();
    private final PlatformGrpc.PlatformBlockingStub admin =
            PlatformGrpc.newBlockingStub(channel).withDeadlineAfter(120, TimeUnit.SECONDS);

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.close();
        platform.close();
    }

    @Test
    void listsTheHierarchy() {
        var regions = admin.listRegions(ListRegionsRequest.getDefaultInstance()).getRegionsList();
        assertThat(regions)
                .extracting(
                        region -> region.getGateway().getPlace() + " " + region.getZones() + " " + region.getNodes())
                .containsExactly("eu-west 2 4", "us-east 2 4");

        assertThat(zones("")).containsExactly("eu-west/a 2", "eu-west/b 2", "us-east/a 2", "us-east/b 2");
        assertThat(zones("us-east")).containsExactly("us-east/a 2", "us-east/b 2");
        assertThat(nodes("")).hasSize(8).isSorted();
        assertThat(nodes("eu-west")).hasSize(4);
        assertThat(nodes("us-east/b")).containsExactly("us-east/b/1", "us-east/b/2");
    }

    @Test
    void getsOneWithAddressesAndFigures() {
        var node = admin.getNode(
                        GetNodeRequest.newBuilder().setPlace("us-east/a/1").build())
                .getComponent();
        assertThat(node.getPlace()).isEqualTo("us-east/a/1");
        assertThat(node.getBoot()).isEqualTo(7);
        assertThat(node.getLinkAddress()).isEqualTo("link-of-us-east/a/1");
        assertThat(node.getMetricsAddress()).isEqualTo("http-of-us-east/a/1");
        assertThat(node.getFiguresMap()).containsEntry("mqtt_connections", 3.0);
        assertThat(node.getLinksList())
                .containsExactly(Link.newBuilder()
                        .setPeer("us-east")
                        .setUp(true)
                        .setRoundTrip(com.google.protobuf.Duration.newBuilder().setNanos(1_500_000))
                        .build());
        assertThat(node.getState()).isEqualTo(Component.State.STATE_LIVE);
        assertThat(node.hasReportedAt()).isTrue();
        assertThat(Instant.ofEpochSecond(node.getReportedAt().getSeconds())).isBetween(NOW.minusSeconds(20), NOW);

        assertThat(admin.getZone(GetZoneRequest.newBuilder()
                                .setPlace("us-east/a")
                                .build())
                        .getNodes())
                .isEqualTo(2);
        assertThat(admin.getRegion(GetRegionRequest.newBuilder()
                                .setPlace("us-east")
                                .build())
                        .getGateway()
                        .getPlace())
                .isEqualTo("us-east");
    }

    @Test
    void textsThatAreNotSuchPlacesAreInvalidArguments() {
        for (var text : List.of("", "us-east", "us-east/a", "us-east/a/1/x", "US/a/1", "global")) {
            refused(
                    Status.Code.INVALID_ARGUMENT,
                    "place: ",
                    () -> admin.getNode(
                            GetNodeRequest.newBuilder().setPlace(text).build()));
        }
        refused(
                Status.Code.INVALID_ARGUMENT,
                "place: \"us-east/a/1\" is not a zone such as \"us-east/a\"",
                () -> admin.getZone(
                        GetZoneRequest.newBuilder().setPlace("us-east/a/1").build()));
        refused(
                Status.Code.INVALID_ARGUMENT,
                "place: \"global\" is not a region",
                () -> admin.getRegion(
                        GetRegionRequest.newBuilder().setPlace("global").build()));
        refused(
                Status.Code.INVALID_ARGUMENT,
                "parent: \"us-east/a/1\" is not a region such as \"us-east\" or a zone such as \"us-east/a\"",
                () -> nodes("us-east/a/1"));
        refused(Status.Code.INVALID_ARGUMENT, "region: ", () -> zones("us-east/a"));
    }

    @Test
    void placesThatNobodyRegisteredAreNotFound() {
        refused(
                Status.Code.NOT_FOUND,
                "nobody is registered as us-east/c/1",
                () -> admin.getNode(
                        GetNodeRequest.newBuilder().setPlace("us-east/c/1").build()));
        refused(Status.Code.NOT_FOUND, "mars", () -> zones("mars"));
        refused(Status.Code.NOT_FOUND, "us-east/c", () -> nodes("us-east/c"));
        refused(Status.Code.NOT_FOUND, "us-east/c/1", () -> explain("plant/7/temp", "us-east/c/1", 1));
    }

    @Test
    void explainsHopByHopDownToTheNodes() {
        platform.subscribe("us-east/a/2", "plant/7/temp");
        platform.subscribe("us-east/b/1", "plant/#");
        platform.subscribe("eu-west/b/2", "plant/+/temp");

        var hops = List.of(
                "us-east/a/1 us-east/a/2 via us-east/a/2: a subscription to this very topic",
                "us-east/a/1 us-east/b via us-east/a: filter plant/#",
                "us-east/a/1 eu-west via us-east/a: filter plant/+/temp",
                "us-east/b us-east/b/1 via us-east/b/1: filter plant/#",
                "eu-west eu-west/b via eu-west/b: filter plant/+/temp",
                "eu-west/b eu-west/b/2 via eu-west/b/2: filter plant/+/temp");
        for (var qos = 0; qos <= 2; qos++) {
            var quality = qos;
            await().untilAsserted(() -> {
                var explained = explain("plant/7/temp", "us-east/a/1", quality);
                assertThat(hopsOf(explained)).containsExactlyInAnyOrderElementsOf(hops);
                assertThat(explained.getUnansweredList()).isEmpty();
                assertSendersFirst(explained);
            });
        }
        assertThat(explain("nobody/wants/this", "us-east/a/1", 1)).isEqualTo(ExplainResponse.getDefaultInstance());
    }

    @Test
    void aGatewayThatDoesNotAnswerIsListed() {
        platform.subscribe("us-east/b/1", "plant/7/temp");
        platform.subscribe("eu-west/b/2", "plant/7/temp");
        await().until(() -> hopsOf(explain("plant/7/temp", "us-east/a/1", 0)).size() == 5);
        platform.silence("eu-west/b");

        var explained = explain("plant/7/temp", "us-east/a/1", 0);
        assertThat(explained.getUnansweredList())
                .containsExactly(Unanswered.newBuilder()
                        .setPlace("eu-west/b")
                        .setReason("did not answer in time")
                        .build());
        assertThat(hopsOf(explained)).hasSize(4);
    }

    @Test
    void aNodeThatDoesNotAnswerIsUnavailable() {
        platform.silence("us-east/a/1");
        refused(
                Status.Code.UNAVAILABLE,
                "us-east/a/1: did not answer in time",
                () -> explain("plant/7/temp", "us-east/a/1", 0));
    }

    @Test
    void whatCannotBePublishedCannotBeExplained() {
        refused(Status.Code.INVALID_ARGUMENT, "topic: ", () -> explain("plant/+/temp", "us-east/a/1", 0));
        refused(Status.Code.INVALID_ARGUMENT, "topic: ", () -> explain("", "us-east/a/1", 0));
        refused(Status.Code.INVALID_ARGUMENT, "qos: ", () -> explain("plant/7/temp", "us-east/a/1", 3));
        refused(Status.Code.INVALID_ARGUMENT, "from: ", () -> explain("plant/7/temp", "us-east/a", 0));
    }

    @Test
    void watchersGetThePlatformAgainAndAgain() {
        var watched = admin.watchPlatform(WatchPlatformRequest.getDefaultInstance());
        for (var time = 0; time < 3; time++) {
            var platformNow = watched.next();
            assertThat(platformNow.getRegionsCount()).isEqualTo(2);
            assertThat(platformNow.getZonesCount()).isEqualTo(4);
            assertThat(platformNow.getNodesCount()).isEqualTo(8);
        }
    }

    @Test
    void noMoreWatchersThanMayAndTheirPlacesComeFree() {
        try (var watching = Context.current().withCancellation()) {
            watching.run(() -> IntStream.range(0, Watchers.WATCHERS_MAX)
                    .forEach(_ -> admin.watchPlatform(WatchPlatformRequest.getDefaultInstance())
                            .next()));
            refused(Status.Code.RESOURCE_EXHAUSTED, "watch already", this::watchOnce);
        }
        await().ignoreException(StatusRuntimeException.class).until(this::watchOnce);
    }

    @Test
    void healthTellsWhenItServes() {
        var health = HealthGrpc.newBlockingStub(channel);
        for (var service : List.of("", PlatformGrpc.SERVICE_NAME)) {
            var question = HealthCheckRequest.newBuilder().setService(service).build();
            assertThat(health.check(question).getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
        }
        server.serving();
        for (var service : List.of("", PlatformGrpc.SERVICE_NAME)) {
            var question = HealthCheckRequest.newBuilder().setService(service).build();
            assertThat(health.check(question).getStatus()).isEqualTo(ServingStatus.SERVING);
        }
    }

    @Test
    void reflectionNamesTheServices() throws Exception {
        var answer = new CompletableFuture<ServerReflectionResponse>();
        var questions = ServerReflectionGrpc.newStub(channel)
                .serverReflectionInfo(new StreamObserver<ServerReflectionResponse>() {
                    @Override
                    public void onNext(ServerReflectionResponse response) {
                        answer.complete(response);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answer.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {}
                });
        questions.onNext(
                ServerReflectionRequest.newBuilder().setListServices("").build());
        assertThat(answer.get(30, TimeUnit.SECONDS).getListServicesResponse().getServiceList())
                .extracting(ServiceResponse::getName)
                .contains("meridian.admin.v1.Platform", "grpc.health.v1.Health");
        questions.onCompleted();
    }

    private boolean watchOnce() {
        try (var watching = Context.current().withCancellation()) {
            var previous = watching.attach();
            try {
                return admin.watchPlatform(WatchPlatformRequest.getDefaultInstance())
                        .next()
                        .isInitialized();
            } finally {
                watching.detach(previous);
            }
        }
    }

    private List<String> zones(String region) {
        return admin.listZones(ListZonesRequest.newBuilder().setRegion(region).build()).getZonesList().stream()
                .map(zone -> zone.getGateway().getPlace() + " " + zone.getNodes())
                .toList();
    }

    private List<String> nodes(String parent) {
        return admin.listNodes(ListNodesRequest.newBuilder().setParent(parent).build()).getNodesList().stream()
                .map(node -> node.getComponent().getPlace())
                .toList();
    }

    private ExplainResponse explain(String topic, String from, int qos) {
        return admin.explain(ExplainRequest.newBuilder()
                .setTopic(topic)
                .setFrom(from)
                .setQos(qos)
                .build());
    }

    private static List<String> hopsOf(ExplainResponse explained) {
        return explained.getHopsList().stream()
                .map(hop ->
                        hop.getAt() + " " + hop.getDestination() + " via " + hop.getNextHop() + ": " + hop.getReason())
                .toList();
    }

    private static void assertSendersFirst(ExplainResponse explained) {
        var places = explained.getHopsList();
        for (var hop = 1; hop < places.size(); hop++) {
            var sender = places.get(hop).getAt();
            assertThat(places.subList(0, hop))
                    .anyMatch(before -> before.getDestination().equals(sender)
                            || before.getAt().equals(sender));
        }
    }

    private static void refused(Status.Code code, String description, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StatusRuntimeException.class, refusal -> {
            assertThat(refusal.getStatus().getCode()).isEqualTo(code);
            assertThat(refusal.getStatus().getDescription()).contains(description);
        });
    }
}
