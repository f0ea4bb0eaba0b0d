package io.meridianmq.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.meridianmq.proto.admin.v1.ClientConnection;
import io.meridianmq.proto.admin.v1.ClientSubscription;
import io.meridianmq.proto.admin.v1.ClientsGrpc;
import io.meridianmq.proto.admin.v1.Component;
import io.meridianmq.proto.admin.v1.DisconnectClientRequest;
import io.meridianmq.proto.admin.v1.DisconnectClientResponse;
import io.meridianmq.proto.admin.v1.DrainNodeRequest;
import io.meridianmq.proto.admin.v1.FindSessionRequest;
import io.meridianmq.proto.admin.v1.FindSessionResponse;
import io.meridianmq.proto.admin.v1.GetNodeRequest;
import io.meridianmq.proto.admin.v1.ListSubscribersRequest;
import io.meridianmq.proto.admin.v1.ListSubscribersResponse;
import io.meridianmq.proto.admin.v1.MaintenanceGrpc;
import io.meridianmq.proto.admin.v1.Node;
import io.meridianmq.proto.admin.v1.NodeDrain;
import io.meridianmq.proto.admin.v1.NodeSubscribers;
import io.meridianmq.proto.admin.v1.PlatformGrpc;
import io.meridianmq.proto.admin.v1.ResumeNodeRequest;
import io.meridianmq.proto.admin.v1.Session;
import io.meridianmq.proto.admin.v1.Subscriber;
import io.meridianmq.proto.admin.v1.Unanswered;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** node, session and subscribers against a server that answers as it is told. */
class OperationCommandsTest {

    private final ScriptedMaintenance maintenance = new ScriptedMaintenance();
    private final ScriptedClients clients = new ScriptedClients();
    private final Server server = NettyServerBuilder.forAddress(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), InsecureServerCredentials.create())
            .addService(maintenance)
            .addService(clients)
            .addService(new ScriptedPlatform(maintenance))
            .build();
    private final PrintStream usualOut = System.out;
    private final PrintStream usualErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void start() throws IOException {
        server.start();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() {
        System.setOut(usualOut);
        System.setErr(usualErr);
        server.shutdownNow();
    }

    @Test
    void drainSendsWhatItWasGiven() {
        assertThat(execute("node", "drain", "us-east/a/1", "--delay", "7", "--rate", "3"))
                .isZero();
        assertThat(maintenance.drained)
                .isEqualTo(DrainNodeRequest.newBuilder()
                        .setPlace("us-east/a/1")
                        .setDelay(Duration.newBuilder().setSeconds(7))
                        .setClientsPerSecond(3)
                        .build());
        assertThat(printed(out)).isEqualTo("us-east/a/1 is being drained, 2 clients connected, 8 slots\n");

        out.reset();
        assertThat(execute("node", "resume", "us-east/a/1", "--json")).isZero();
        assertThat(printed(out))
                .isEqualTo("{\"node\":\"us-east/a/1\",\"draining\":false,\"connections\":2,\"slots\":8}\n");
    }

    @Test
    void drainWaitsForClientsAndSlots() {
        assertThat(execute("node", "drain", "us-east/a/1", "--wait", "60")).isZero();
        assertThat(printed(out)).isEqualTo("""
                us-east/a/1 is being drained, 2 clients connected, 8 slots
                us-east/a/1 is being drained, 1 clients connected, 4 slots
                us-east/a/1 is being drained, 0 clients connected, 0 slots
                """);
    }

    @Test
    void drainSaysWhenSomebodyStays() {
        maintenance.leaves = false;
        assertThat(execute("node", "drain", "us-east/a/1", "--wait", "1")).isEqualTo(1);
        assertThat(printed(err)).contains("2 clients are connected still; it goes on without this command");
        maintenance.connections.set(0);
        maintenance.slots.set(7);
        assertThat(execute("node", "drain", "us-east/a/1", "--wait", "1")).isEqualTo(1);
        assertThat(printed(err)).contains("7 slots are here still");
    }

    @Test
    void drainSaysWhenTheNodeIsBackInService() {
        maintenance.isResumed = true;
        assertThat(execute("node", "drain", "us-east/a/1", "--wait", "1")).isEqualTo(1);
        assertThat(printed(err)).contains("the node is in service: it has started again");
    }

    @Test
    void refusalsAreToldInOneLine() {
        maintenance.refusal = Status.NOT_FOUND.withDescription("nobody is registered as us-east/a/9");
        assertThat(execute("node", "drain", "us-east/a/9")).isEqualTo(1);
        assertThat(printed(err)).isEqualTo("meridian node drain: nobody is registered as us-east/a/9\n");
        assertThat(execute("session", "show", "meter-7")).isEqualTo(2); // Without a zone.
        assertThat(execute("node", "drain")).isEqualTo(2);
    }

    @Test
    void sessionShowHasEverything() {
        assertThat(execute("session", "show", "meter-7", "--zone", "us-east/a")).isZero();
        assertThat(printed(out)).isEqualTo("""
                SESSION        meter-7
                node           us-east/a/2
                slot           12 of us-east/a/1
                connection     number 3.17
                since          2026-11-22T12:00:00Z
                address        10.0.0.9:4711
                user           alice
                protocol       MQTT 5
                keep alive     30 s
                will           published if the client is lost for 5 s
                expiry         60 s
                queued         2 messages
                in flight      1 messages
                subscriptions  3

                FILTER  QOS
                a/#     1
                and 2 more
                """);
        out.reset();
        assertThat(execute("session", "show", "meter-7", "--zone", "us-east/a", "--json"))
                .isZero();
        var session = JsonParser.parseString(printed(out)).getAsJsonObject();
        assertThat(session.get("protocol").getAsString()).isEqualTo("MQTT 5");
        assertThat(session.get("userName").getAsString()).isEqualTo("alice");
        assertThat(session.get("expirySeconds").getAsLong()).isEqualTo(60);
        assertThat(session.get("willDelaySeconds").getAsLong()).isEqualTo(5);
        assertThat(session.get("connected").getAsBoolean()).isTrue();
    }

    @Test
    void aSessionThatIsNotThereExitsWith1() {
        assertThat(execute("session", "show", "nobody", "--zone", "us-east/a")).isEqualTo(1);
        assertThat(printed(err)).isEqualTo("meridian session show: nobody is not known\n");
        err.reset();
        assertThat(execute("session", "disconnect", "nobody", "--zone", "us-east/a"))
                .isEqualTo(1);
        assertThat(printed(err)).isEqualTo("meridian session disconnect: nobody is not known\n");
    }

    @Test
    void sessionShowHasWhatTheOwnerKnowsIfTheNodeDoesNotAnswer() {
        assertThat(execute("session", "show", "meter-8", "--zone", "us-east/a")).isEqualTo(1);
        assertThat(printed(out)).contains("number 3.18, ended 12 s ago").doesNotContain("subscriptions");
        assertThat(printed(err))
                .isEqualTo("meridian session show: no answer from us-east/a/2: did not answer in time; shown is what"
                        + " us-east/a/1 knows of it\n");
    }

    @Test
    void sessionDisconnect() {
        assertThat(execute("session", "disconnect", "meter-7", "--zone", "us-east/a"))
                .isZero();
        assertThat(printed(out)).isEqualTo("meter-7 is disconnected from us-east/a/2\n");
    }

    @Test
    void subscribersAreReadPageByPage() {
        assertThat(execute("subscribers", "plant/7/temp", "--in", "us-east", "--limit", "2500"))
                .isZero();
        assertThat(clients.pages).containsExactly("us-east 1000 ''", "us-east 1000 '1000'", "us-east 500 '2000'");
        assertThat(printed(out).lines())
                .hasSize(3 + 1 + 2_500 + 1)
                .startsWith("NODE         SUBSCRIPTIONS  SHARED", "us-east/a/1  3000           0", "")
                .endsWith("and more: see --limit");

        out.reset();
        assertThat(execute("subscribers", "plant/7/temp", "--limit", "5000", "--json"))
                .isZero();
        var object = JsonParser.parseString(printed(out)).getAsJsonObject();
        assertThat(object.getAsJsonArray("subscribers")).hasSize(3_000);
        assertThat(object.get("complete").getAsBoolean()).isTrue();
    }

    private int execute(String... arguments) {
        var line = new ArrayList<>(List.of(arguments));
        line.addAll(List.of("--admin", "127.0.0.1:" + server.getPort()));
        return Main.commandLine().execute(line.toArray(String[]::new));
    }

    private static String printed(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }

    private static <T> void answer(T message, StreamObserver<T> observer) {
        observer.onNext(message);
        observer.onCompleted();
    }

    private static final class ScriptedMaintenance extends MaintenanceGrpc.MaintenanceImplBase {

        volatile DrainNodeRequest drained = DrainNodeRequest.getDefaultInstance();
        volatile Status refusal = Status.OK;
        volatile boolean leaves = true;
        volatile boolean isResumed;
        final AtomicInteger connections = new AtomicInteger(2);
        final AtomicInteger slots = new AtomicInteger(8);

        @Override
        public void drainNode(DrainNodeRequest request, StreamObserver<NodeDrain> observer) {
            drained = request;
            if (refusal.isOk()) {
                answer(drain(request.getPlace(), true), observer);
            } else {
                observer.onError(refusal.asRuntimeException());
            }
        }

        @Override
        public void resumeNode(ResumeNodeRequest request, StreamObserver<NodeDrain> observer) {
            answer(drain(request.getPlace(), false), observer);
        }

        private NodeDrain drain(String place, boolean draining) {
            return NodeDrain.newBuilder()
                    .setPlace(place)
                    .setDraining(draining)
                    .setConnections(connections.get())
                    .setSlots(slots.get())
                    .build();
        }
    }

    private static final class ScriptedPlatform extends PlatformGrpc.PlatformImplBase {

        private final ScriptedMaintenance maintenance;

        ScriptedPlatform(ScriptedMaintenance maintenance) {
            this.maintenance = maintenance;
        }

        @Override
        public void getNode(GetNodeRequest request, StreamObserver<Node> observer) {
            if (maintenance.leaves) {
                maintenance.connections.decrementAndGet();
                maintenance.slots.addAndGet(-4);
            }
            answer(
                    Node.newBuilder()
                            .setComponent(Component.newBuilder()
                                    .setPlace(request.getPlace())
                                    .setDraining(!maintenance.isResumed)
                                    .putFigures("mqtt_connections", maintenance.connections.get())
                                    .putFigures("meridian_slots_owned", maintenance.slots.get()))
                            .build(),
                    observer);
        }
    }

    private static final class ScriptedClients extends ClientsGrpc.ClientsImplBase {

        private static final int SUBSCRIBERS = 3_000;
        private static final Status NOT_KNOWN = Status.NOT_FOUND.withDescription("nobody is not known");

        final List<String> pages = new ArrayList<>();

        @Override
        public void findSession(FindSessionRequest request, StreamObserver<FindSessionResponse> observer) {
            switch (request.getClientId()) {
                case "meter-7" -> answer(found(), observer);
                case "meter-8" -> answer(foundAtTheOwner(), observer);
                default -> observer.onError(NOT_KNOWN.asRuntimeException());
            }
        }

        private static FindSessionResponse foundAtTheOwner() {
            return FindSessionResponse.newBuilder()
                    .setSession(Session.newBuilder()
                            .setNode("us-east/a/2")
                            .setClientId("meter-8")
                            .setOwner("us-east/a/1")
                            .setConnectionNumber("3.18")
                            .setAway(Duration.newBuilder().setSeconds(12)))
                    .setUnanswered(
                            Unanswered.newBuilder().setPlace("us-east/a/2").setReason("did not answer in time"))
                    .build();
        }

        private static FindSessionResponse found() {
            return FindSessionResponse.newBuilder()
                    .setSession(Session.newBuilder()
                            .setNode("us-east/a/2")
                            .setClientId("meter-7")
                            .setConnected(true)
                            .setConnectionNumber("3.17")
                            .setSlot(12)
                            .setOwner("us-east/a/1")
                            .setWillDelay(Duration.newBuilder().setSeconds(5))
                            .setConnection(ClientConnection.newBuilder()
                                    .setSince(Timestamp.newBuilder()
                                            .setSeconds(Instant.parse("2026-11-22T12:00:00Z")
                                                    .getEpochSecond()))
                                    .setAddress("10.0.0.9:4711")
                                    .setProtocol("MQTT 5")
                                    .setUserName("alice")
                                    .setKeepAlive(Duration.newBuilder().setSeconds(30)))
                            .setExpiry(Duration.newBuilder().setSeconds(60))
                            .setSubscriptionCount(3)
                            .addSubscriptions(ClientSubscription.newBuilder()
                                    .setFilter("a/#")
                                    .setMaximumQos(1))
                            .setQueued(2)
                            .setInFlight(1))
                    .build();
        }

        @Override
        public void disconnectClient(
                DisconnectClientRequest request, StreamObserver<DisconnectClientResponse> observer) {
            if (request.getClientId().equals("meter-7")) {
                answer(
                        DisconnectClientResponse.newBuilder()
                                .setNode("us-east/a/2")
                                .build(),
                        observer);
            } else {
                observer.onError(NOT_KNOWN.asRuntimeException());
            }
        }

        @Override
        public void listSubscribers(ListSubscribersRequest request, StreamObserver<ListSubscribersResponse> observer) {
            pages.add(request.getPlace() + " " + request.getPageSize() + " '" + request.getPageToken() + "'");
            var from = request.getPageToken().isEmpty() ? 0 : Integer.parseInt(request.getPageToken());
            var to = Math.min(SUBSCRIBERS, from + request.getPageSize());
            answer(
                    ListSubscribersResponse.newBuilder()
                            .addNodes(NodeSubscribers.newBuilder()
                                    .setNode("us-east/a/1")
                                    .setSubscriptions(SUBSCRIBERS))
                            .addAllSubscribers(IntStream.range(from, to)
                                    .mapToObj(number -> Subscriber.newBuilder()
                                            .setNode("us-east/a/1")
                                            .setClientId("client-" + number)
                                            .setFilter("plant/#")
                                            .setConnected(true)
                                            .build())
                                    .toList())
                            .setNextPageToken(to < SUBSCRIBERS ? String.valueOf(to) : "")
                            .build(),
                    observer);
        }
    }
}
