package io.meridianmq.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Duration;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.CanonicalBytes;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.publication.Will;
import io.meridianmq.core.slot.SlotHash;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.proto.admin.v1.ClientsGrpc;
import io.meridianmq.proto.admin.v1.DisconnectClientRequest;
import io.meridianmq.proto.admin.v1.DisconnectClientResponse;
import io.meridianmq.proto.admin.v1.DrainNodeRequest;
import io.meridianmq.proto.admin.v1.FindSessionRequest;
import io.meridianmq.proto.admin.v1.FindSessionResponse;
import io.meridianmq.proto.admin.v1.ListSubscribersRequest;
import io.meridianmq.proto.admin.v1.MaintenanceGrpc;
import io.meridianmq.proto.admin.v1.NodeSubscribers;
import io.meridianmq.proto.admin.v1.ResumeNodeRequest;
import io.meridianmq.proto.admin.v1.Subscriber;
import io.meridianmq.proto.admin.v1.Unanswered;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What operators want of nodes, over a socket and through real meshes. */
class OperationsTest {

    private final SmallPlatform platform = new SmallPlatform();
    private final AdminServer server = AdminServer.start(
            new AdminConfig(new HostPort("127.0.0.1", 0), Optional.empty()),
            List.of(
                    new MaintenanceService(platform.platform(), java.time.Duration.ofSeconds(2)),
                    new ClientsService(platform.platform(), java.time.Duration.ofSeconds(2))));
    private final ManagedChannel channel = NettyChannelBuilder.forAddress(
                    "127.0.0.1", server.address().port(), InsecureChannelCredentials.create())
            .build();
    private final MaintenanceGrpc.MaintenanceBlockingStub maintenance =
            MaintenanceGrpc.newBlockingStub(channel).withDeadlineAfter(120, TimeUnit.SECONDS);
    private final ClientsGrpc.ClientsBlockingStub clients =
            ClientsGrpc.newBlockingStub(channel).withDeadlineAfter(120, TimeUnit.SECONDS);
    private final List<String> wanted = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.close();
        platform.close();
    }

    @Test
    void drainsAndResumesTheNodeThatIsNamed() {
        platform.operations((place, operation) -> {
            wanted.add(place + " " + operation);
            return new Answer.DrainStatus(operation instanceof Question.Drain, 7, 1_365);
        });
        var drained = maintenance.drainNode(
                DrainNodeRequest.newBuilder().setPlace("us-east/a/2").build());
        assertThat(drained.getPlace()).isEqualTo("us-east/a/2");
        assertThat(drained.getDraining()).isTrue();
        assertThat(drained.getConnections()).isEqualTo(7);
        assertThat(drained.getSlots()).isEqualTo(1_365);
        maintenance.drainNode(DrainNodeRequest.newBuilder()
                .setPlace("us-east/a/2")
                .setDelay(Duration.newBuilder().setNanos(500_000_000))
                .setClientsPerSecond(3)
                .build());
        assertThat(maintenance
                        .resumeNode(ResumeNodeRequest.newBuilder()
                                .setPlace("us-east/a/2")
                                .build())
                        .getDraining())
                .isFalse();
        assertThat(wanted)
                .containsExactly(
                        "us-east/a/2 " + new Question.Drain(5_000, 100),
                        "us-east/a/2 " + new Question.Drain(500, 3),
                        "us-east/a/2 " + new Question.Resume());
    }

    @Test
    void whatCannotBeDrainedIsRefused() {
        refused(Status.Code.INVALID_ARGUMENT, "place: \"us-east/a\" is not a node", () -> drain("us-east/a"));
        refused(Status.Code.NOT_FOUND, "nobody is registered as us-east/a/9", () -> drain("us-east/a/9"));
        refused(
                Status.Code.INVALID_ARGUMENT,
                "is not within an hour",
                () -> maintenance.drainNode(DrainNodeRequest.newBuilder()
                        .setPlace("us-east/a/1")
                        .setDelay(Duration.newBuilder().setSeconds(3_601))
                        .build()));
        platform.silence("us-east/a/1");
        refused(Status.Code.UNAVAILABLE, "us-east/a/1: did not answer in time", () -> drain("us-east/a/1"));
        platform.operations((_, _) -> new Answer.Refused("the node is starting"));
        refused(Status.Code.UNAVAILABLE, "us-east/a/2: the node is starting", () -> drain("us-east/a/2"));
    }

    @Test
    void findsASessionByWayOfTheOwnerOfItsSlot() {
        platform.giveSlots();
        platform.connect("eu-west/b/2", "meter-7", 60, Optional.of(will(5)));
        var view = new Answer.SessionView(
                Optional.of(new Answer.ConnectionView(1_500, "10.0.0.9:4711", "MQTT 5", 30, "alice")),
                60,
                3,
                List.of(new Answer.SubscriptionView("a/#", Qos.AT_LEAST_ONCE)),
                2,
                1);
        platform.operations((place, operation) -> {
            wanted.add(place + " " + operation);
            return new Answer.SessionFound(Optional.of(view));
        });

        var found = find("meter-7", "eu-west/b");
        assertThat(wanted).as("at its home").containsExactly("eu-west/b/1 " + new Question.FindSession("meter-7"));
        assertThat(found.hasUnanswered()).isFalse();
        var session = found.getSession();
        assertThat(session.getNode()).isEqualTo("eu-west/b/1");
        assertThat(session.getClientId()).isEqualTo("meter-7");
        assertThat(session.getSlot()).isEqualTo(SlotHash.ofClient("meter-7"));
        assertThat(session.getOwner()).isEqualTo("eu-west/b/1");
        assertThat(session.getConnected()).isTrue();
        assertThat(session.hasAway()).isFalse();
        assertThat(session.getConnectionNumber()).isEqualTo("7.1");
        assertThat(session.getWillDelay().getSeconds()).isEqualTo(5);
        assertThat(session.getExpiry().getSeconds()).isEqualTo(60);
        assertThat(session.getConnection().getSince().getSeconds()).isEqualTo(1);
        assertThat(session.getConnection().getAddress()).isEqualTo("10.0.0.9:4711");
        assertThat(session.getConnection().getProtocol()).isEqualTo("MQTT 5");
        assertThat(session.getConnection().getUserName()).isEqualTo("alice");
        assertThat(session.getConnection().getKeepAlive().getSeconds()).isEqualTo(30);
        assertThat(session.getSubscriptionCount()).isEqualTo(3);
        assertThat(session.getSubscriptionsList())
                .singleElement()
                .satisfies(subscription -> assertThat(subscription.getFilter()).isEqualTo("a/#"));
        assertThat(session.getQueued()).isEqualTo(2);
        assertThat(session.getInFlight()).isEqualTo(1);
    }

    @Test
    void tellsWhatTheOwnerKnowsIfTheNodeWithTheSessionDoesNotAnswer() {
        platform.giveSlots();
        platform.connect("us-east/a/2", "c", 0, Optional.empty());
        platform.silence("us-east/a/2");
        var found = find("c", "us-east/a");
        assertThat(found.getSession().getConnected()).isTrue();
        assertThat(found.getSession().hasConnection()).isFalse();
        assertThat(found.getSession().hasWillDelay()).isFalse();
        assertThat(found.getUnanswered())
                .isEqualTo(Unanswered.newBuilder()
                        .setPlace("us-east/a/2")
                        .setReason("did not answer in time")
                        .build());
    }

    @Test
    void aClientThatCannotBeFoundIsToldWithTheReason() {
        refused(Status.Code.INVALID_ARGUMENT, "client_id: is empty", () -> find("", "us-east/a"));
        refused(Status.Code.INVALID_ARGUMENT, "zone: \"us-east\" is not a zone", () -> find("c", "us-east"));
        refused(Status.Code.NOT_FOUND, "nobody is registered as us-east/q", () -> find("c", "us-east/q"));
        refused(
                Status.Code.UNAVAILABLE,
                "is passing from one node to another: try again",
                () -> find("c", "us-east/a"));
        platform.giveSlots();
        platform.connect("us-east/a/2", "c", 0, Optional.empty());
        refused(
                Status.Code.NOT_FOUND,
                "d has neither a connection nor a session in us-east/a",
                () -> find("d", "us-east/a"));
        platform.operations((_, _) -> new Answer.SessionFound(Optional.empty()));
        refused(Status.Code.ABORTED, "c has left us-east/a/2 while it was looked for", () -> find("c", "us-east/a"));
        platform.silence("us-east/a/1");
        refused(Status.Code.UNAVAILABLE, "us-east/a: did not answer in time", () -> find("c", "us-east/a"));
    }

    @Test
    void disconnectsAClientWhereItIs() {
        platform.giveSlots();
        platform.connect("us-east/a/2", "c", 0, Optional.empty());
        platform.operations((place, operation) -> {
            wanted.add(place + " " + operation);
            return new Answer.Disconnected(true);
        });
        assertThat(disconnect("c").getNode()).isEqualTo("us-east/a/2");
        assertThat(wanted).containsExactly("us-east/a/2 " + new Question.DisconnectClient("c"));
    }

    @Test
    void whatCannotBeDisconnectedIsToldWithTheReason() {
        platform.giveSlots();
        var connection = platform.connect("us-east/a/2", "c", 60, Optional.empty());
        platform.operations((_, _) -> new Answer.Disconnected(false));
        refused(Status.Code.ABORTED, "c has left us-east/a/1", () -> disconnect("c"));
        refused(Status.Code.NOT_FOUND, "d has neither a connection nor a session", () -> disconnect("d"));
        platform.lose("us-east/a/2", "c", 60, connection);
        refused(Status.Code.FAILED_PRECONDITION, "only its session waits, at us-east/a/1", () -> disconnect("c"));
    }

    @Test
    void whetherAConnectionIsClosedIsNotKnownIfItsNodeDoesNotAnswer() {
        platform.giveSlots();
        platform.connect("us-east/a/2", "c", 0, Optional.empty());
        platform.silence("us-east/a/2");
        refused(
                Status.Code.UNAVAILABLE,
                "us-east/a/2: did not answer in time; whether the connection is closed is not known",
                () -> disconnect("c"));
    }

    @Test
    void subscribersComePageByPageWithExactCounts() {
        // Node 1 of each zone has 25 of them, the others have none.
        var all = new TreeSet<String>();
        SmallPlatform.NODES.stream()
                .filter(node -> node.node().equals("1"))
                .forEach(node ->
                        IntStream.range(0, 25).forEach(number -> all.add(node + " client-%02d".formatted(number))));
        platform.operations((place, operation) -> answer(place, (Question.FindSubscribers) operation, all));

        var seen = new ArrayList<String>();
        var token = "";
        do {
            var page = clients.listSubscribers(ListSubscribersRequest.newBuilder()
                    .setTopic("plant/7/temp")
                    .setPageSize(7)
                    .setPageToken(token)
                    .build());
            assertThat(page.getNodesList())
                    .extracting(NodeSubscribers::getSubscriptions)
                    .containsExactly(25L, 25L, 25L, 25L);
            page.getSubscribersList().forEach(found -> seen.add(found.getNode() + " " + found.getClientId()));
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        assertThat(seen).containsExactlyElementsOf(all);

        var zone = clients.listSubscribers(ListSubscribersRequest.newBuilder()
                .setTopic("plant/7/temp")
                .setPlace("us-east/b")
                .build());
        assertThat(zone.getSubscribersList())
                .hasSize(25)
                .extracting(Subscriber::getNode)
                .containsOnly("us-east/b/1");
        assertThat(zone.getNextPageToken()).isEmpty();
    }

    @Test
    void badPagesAreRefused() {
        refused(
                Status.Code.INVALID_ARGUMENT,
                "page_token: is none that an answer had",
                () -> clients.listSubscribers(ListSubscribersRequest.newBuilder()
                        .setTopic("a")
                        .setPageToken("x")
                        .build()));
        refused(
                Status.Code.INVALID_ARGUMENT,
                "page_size: 1001 is not 1 to 1000",
                () -> clients.listSubscribers(ListSubscribersRequest.newBuilder()
                        .setTopic("a")
                        .setPageSize(1_001)
                        .build()));
        refused(
                Status.Code.INVALID_ARGUMENT,
                "topic: ",
                () -> clients.listSubscribers(
                        ListSubscribersRequest.newBuilder().setTopic("a/#").build()));
    }

    private static Answer answer(Place place, Question.FindSubscribers question, Set<String> all) {
        var here = all.stream()
                .filter(each -> each.startsWith(place + " "))
                .map(each -> each.substring(each.indexOf(' ') + 1))
                .collect(Collectors.toCollection(TreeSet::new));
        var after = here.tailSet(question.afterClientId(), false);
        return new Answer.SubscribersFound(
                here.size(),
                0,
                after.stream()
                        .limit(question.limit())
                        .map(clientId -> new Answer.Subscriber(clientId, "plant/#", true))
                        .toList(),
                after.size() > question.limit());
    }

    private void drain(String place) {
        var _ = maintenance.drainNode(
                DrainNodeRequest.newBuilder().setPlace(place).build());
    }

    private FindSessionResponse find(String clientId, String zone) {
        return clients.findSession(FindSessionRequest.newBuilder()
                .setClientId(clientId)
                .setZone(zone)
                .build());
    }

    private DisconnectClientResponse disconnect(String clientId) {
        return clients.disconnectClient(DisconnectClientRequest.newBuilder()
                .setClientId(clientId)
                .setZone("us-east/a")
                .build());
    }

    private static Will will(long delaySeconds) {
        return new Will(
                Qos.AT_MOST_ONCE, false, delaySeconds, Will.NO_MESSAGE_EXPIRY, CanonicalBytes.wrap(new byte[] {1}));
    }

    private static void refused(Status.Code code, String description, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
            assertThat(e.getStatus().getCode()).isEqualTo(code);
            assertThat(e.getStatus().getDescription()).contains(description);
        });
    }
}
