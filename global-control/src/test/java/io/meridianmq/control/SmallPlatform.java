package io.meridianmq.control;

import io.meridianmq.core.claim.ClaimedConnection;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.ClaimMessage;
import io.meridianmq.core.link.DueWill;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.GroupGrant;
import io.meridianmq.core.link.LinkReport;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.link.StreamItem;
import io.meridianmq.core.mesh.ControlMesh;
import io.meridianmq.core.mesh.ControlSettings;
import io.meridianmq.core.mesh.GatewayMesh;
import io.meridianmq.core.mesh.Mesh;
import io.meridianmq.core.mesh.MeshSettings;
import io.meridianmq.core.mesh.NodeMesh;
import io.meridianmq.core.mesh.NodeOutlet;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Neighbourhood;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Will;
import io.meridianmq.core.retained.RetainedMemory;
import io.meridianmq.core.route.AddressRules;
import io.meridianmq.core.settings.PlatformSettings;
import io.meridianmq.core.slot.SlotProposal;
import io.meridianmq.core.slot.SlotTable;
import io.meridianmq.topic.TopicFilter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/**
 * Two regions of two zones with two nodes each, and global-control above them: the meshes that production has, in one
 * thread, which hands frames from one to the other instead of sockets.
 */
final class SmallPlatform implements AutoCloseable {

    static final List<Place> NODES = List.of(
            Place.parse("us-east/a/1"),
            Place.parse("us-east/a/2"),
            Place.parse("us-east/b/1"),
            Place.parse("us-east/b/2"),
            Place.parse("eu-west/a/1"),
            Place.parse("eu-west/a/2"),
            Place.parse("eu-west/b/1"),
            Place.parse("eu-west/b/2"));

    private static final long BOOT = 7;
    private static final Map<String, Double> FIGURES = Map.of("mqtt_connections", 3.0);
    private static final List<LinkReport> LINKS =
            List.of(new LinkReport(Place.region("us-east"), true, 1_500, 1_000, 2_000));

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("mesh-of-all").factory());

    private final Map<Place, Mesh> meshes = new LinkedHashMap<>();
    private final Set<Place> silent = ConcurrentHashMap.newKeySet();
    private final Platform platform;

    private volatile BiFunction<Place, Question.NodeOperation, Answer> operations = (place, operation) -> {
        throw new AssertionError("nobody wants this of " + place + ": " + operation);
    };

    SmallPlatform() {
        var answers = new Answers();
        var outlet = answers.outlet((neighbour, frame) -> send(Place.GLOBAL, neighbour, frame));
        var control = new ControlMesh(ControlSettings.DEFAULT, outlet, System.nanoTime());
        platform = new Platform(control, thread, answers);
        onThread(() -> {
            meshes.put(Place.GLOBAL, control);
            NODES.stream()
                    .flatMap(node -> List.of(node.inRegion(), node.inZone(), node).stream())
                    .distinct()
                    .forEach(place -> meshes.put(place, newMesh(place)));
            meshes.forEach((place, mesh) -> mesh.onView(viewOf(place), System.nanoTime()));
            meshes.forEach((place, mesh) -> meshes.keySet().stream()
                    .filter(other -> Neighbourhood.adjacent(place, other))
                    .forEach(other -> mesh.onLinkUp(other, System.nanoTime())));
        });
        var _ = thread.scheduleWithFixedDelay(
                () -> meshes.values().forEach(mesh -> mesh.flush(System.nanoTime())), 0, 5, TimeUnit.MILLISECONDS);
        report();
    }

    Platform platform() {
        return platform;
    }

    void subscribe(String node, String filter) {
        onThread(() -> ((NodeMesh) mesh(Place.parse(node))).subscribe(TopicFilter.of(filter), true));
    }

    /** Every component passes its figures upward, as it does once a second. */
    void report() {
        onThread(() -> meshes.values().forEach(mesh -> mesh.report(figures(mesh), LINKS, System.nanoTime(), 1_000)));
        onThread(() -> {}); // Reports travel on the same thread, behind what was asked of it.
        onThread(() -> {});
        onThread(() -> {});
    }

    /** A region's gateway hears of these settings. */
    void settings(String region, PlatformSettings settings) {
        onThread(() -> ((GatewayMesh) mesh(Place.parse(region))).onSettings(settings));
    }

    private static Map<String, Double> figures(Mesh mesh) {
        var figures = new HashMap<>(FIGURES);
        var version = switch (mesh) {
            case NodeMesh node -> node.figures().settingsVersion();
            case GatewayMesh gateway -> gateway.figures().settingsVersion();
            case ControlMesh _ -> 0;
        };
        figures.put(SettingsService.VERSION_FIGURE, (double) version);
        return figures;
    }

    /** From here on the first node of each zone owns its slots. */
    void giveSlots() {
        onThread(() -> meshes.forEach((place, mesh) -> {
            if (mesh instanceof NodeMesh node) {
                node.onSlots(slotsOf(place), System.nanoTime());
            } else if (mesh instanceof GatewayMesh gateway && place.level() == Place.Level.ZONE) {
                gateway.onSlots(slotsOf(place), System.nanoTime());
            }
        }));
    }

    private static SlotTable slotsOf(Place place) {
        return SlotTable.ofOne(new Incarnation(Place.node(place.region(), place.zone(), "1"), BOOT));
    }

    /** A client connects to a node; returns when it has the connection. */
    TestConnection connect(String node, String clientId, long expirySeconds, Optional<Will> will) {
        var connection = new TestConnection();
        onThread(() -> ((NodeMesh) mesh(Place.parse(node)))
                .claims(System.nanoTime())
                .open(clientId, false, expirySeconds, will, connection, System.nanoTime()));
        var _ = connection.granted.orTimeout(30, TimeUnit.SECONDS).join();
        return connection;
    }

    /** The client of a connection is lost; returns when the owner of its slot knows. */
    void lose(String node, String clientId, long expirySeconds, TestConnection connection) {
        onThread(() -> ((NodeMesh) mesh(Place.parse(node)))
                .claims(System.nanoTime())
                .close(clientId, connection, ClaimMessage.Ending.LOST, expirySeconds, System.nanoTime()));
        onThread(() -> mesh(Place.parse(node)).flush(System.nanoTime()));
        onThread(() -> {}); // What was said arrives on the same thread, before this.
    }

    /** A client's connection at the node that it connects to. */
    static final class TestConnection implements ClaimedConnection {

        private final CompletableFuture<Boolean> granted = new CompletableFuture<>();

        @Override
        public void granted(ConnectionNumber number, boolean continues, Incarnation home) {
            granted.complete(continues);
        }

        @Override
        public void refused(Refusal reason) {
            granted.completeExceptionally(new AssertionError(reason));
        }

        @Override
        public void expelled(Expulsion reason, boolean sessionEnds) {
            granted.completeExceptionally(new AssertionError(reason));
        }
    }

    /** What nodes do when operators want something of them. */
    void operations(BiFunction<Place, Question.NodeOperation, Answer> newOperations) {
        operations = newOperations;
    }

    /** From here on a component gets no frame. */
    void silence(String place) {
        silent.add(Place.parse(place));
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void send(Place from, Place to, Frame frame) {
        if (!silent.contains(to) && !thread.isShutdown()) {
            thread.execute(() -> mesh(to).onFrame(from, frame, System.nanoTime()));
        }
    }

    private Mesh mesh(Place place) {
        return Objects.requireNonNull(meshes.get(place));
    }

    private Mesh newMesh(Place place) {
        var rules = AddressRules.of(AddressRules.DEFAULT_TEMPLATES);
        var outlet = new Outgoing(place);
        return place.level() == Place.Level.NODE
                ? newNode(place, rules, outlet)
                : new GatewayMesh(place, BOOT, rules, MeshSettings.DEFAULT, outlet, System.nanoTime());
    }

    private static NodeMesh newNode(Place place, AddressRules rules, Outgoing outlet) {
        var nowNanos = System.nanoTime();
        var mesh = new NodeMesh(
                place, BOOT, rules, MeshSettings.DEFAULT, outlet, new RetainedMemory(_ -> false), nowNanos);
        mesh.open(nowNanos);
        return mesh;
    }

    /** A region's directory lists what is in it, the global one region gateways and global-control. */
    private MembershipView viewOf(Place viewer) {
        return MembershipView.of(
                1,
                meshes.keySet().stream()
                        .filter(place -> switch (viewer.level()) {
                            case GLOBAL -> isTop(place);
                            case REGION -> isTop(place) || viewer.contains(place);
                            case ZONE, NODE -> viewer.inRegion().contains(place);
                        })
                        .map(place -> new Member(place, BOOT, "link-of-" + place, "", "http-of-" + place))
                        .toList());
    }

    private static boolean isTop(Place place) {
        return place.level().compareTo(Place.Level.REGION) <= 0;
    }

    private void onThread(Runnable task) {
        try {
            thread.submit(task).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private final class Outgoing implements NodeOutlet {

        private final Place self;

        Outgoing(Place self) {
            this.self = self;
        }

        @Override
        public void send(Place neighbour, Frame frame) {
            SmallPlatform.this.send(self, neighbour, frame);
        }

        @Override
        public void asked(Frame.Request request) {
            if (!(request.question() instanceof Question.NodeOperation operation)) {
                throw new AssertionError("meshes explain without help: " + request);
            }
            ((NodeMesh) mesh(self)).answer(request, operations.apply(self, operation));
        }

        @Override
        public void answered(Frame.Response response) {
            throw new AssertionError(self + " asked nothing: " + response);
        }

        @Override
        public void propose(SlotProposal proposal) {
            throw new IllegalStateException("nobody has told this node that it leads");
        }

        @Override
        public long stamp() {
            throw new UnsupportedOperationException("no client connects to this node");
        }

        @Override
        public void publishWill(DueWill will) {
            throw new UnsupportedOperationException("no client connects to this node");
        }

        @Override
        public void endSession(String clientId, ConnectionNumber number, Optional<Incarnation> heir) {
            throw new UnsupportedOperationException("no client connects to this node");
        }

        @Override
        public void willDone(String clientId, ConnectionNumber number) {
            throw new UnsupportedOperationException("no client connects to this node");
        }

        @Override
        public void confirmSlots(long question) {
            // There is nothing to read from.
        }

        @Override
        public void arrived(Incarnation peer, StreamItem item) {
            throw new AssertionError("no client connects to " + peer);
        }

        @Override
        public void streamEnded(Incarnation peer) {
            throw new AssertionError("nothing is said to " + peer);
        }

        @Override
        public void reported(Frame.Report report) {}

        @Override
        public Custody deliver(Publication publication, List<GroupGrant> granted, long token) {
            throw new AssertionError("explaining publishes nothing");
        }

        @Override
        public Custody deliverAgain(Publication publication, List<GroupGrant> granted, long token) {
            throw new AssertionError("explaining publishes nothing");
        }

        @Override
        public Custody deliverGranted(Publication publication, List<GroupGrant> granted, long token) {
            throw new AssertionError("explaining publishes nothing");
        }

        @Override
        public List<String> filtersHere(String topic) {
            return List.of();
        }

        @Override
        public boolean hasRoom() {
            return true;
        }

        @Override
        public void endOfBatch() {}

        @Override
        public void settingsChanged(PlatformSettings settings) {}

        @Override
        public void accepted(long publishToken) {}

        @Override
        public void visible(long subscribeToken, boolean capped) {}
    }
}
