package io.meridianmq.fabric.relay;

import com.google.protobuf.ByteString;
import io.meridianmq.core.link.DueWill;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.GroupGrant;
import io.meridianmq.core.link.StreamItem;
import io.meridianmq.core.mesh.MeshSettings;
import io.meridianmq.core.mesh.NodeMesh;
import io.meridianmq.core.mesh.NodeMesh.Placement;
import io.meridianmq.core.mesh.NodeOutlet;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.CanonicalBytes;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.retained.RetainedMemory;
import io.meridianmq.core.route.Landing;
import io.meridianmq.core.route.Router;
import io.meridianmq.core.settings.PlatformSettings;
import io.meridianmq.core.slot.SlotProposal;
import io.meridianmq.fabric.directory.Directory;
import io.meridianmq.fabric.directory.EtcdDirectory;
import io.meridianmq.fabric.link.OpaqueBytes;
import io.meridianmq.topic.TopicFilter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/** A broker node without clients: its mesh, driven like a real one's, over real links. */
final class TestNode implements AutoCloseable {

    private static final long BOOT = 1;

    /** What happened, in words: {@code topic payload}, {@code accepted 1}, {@code visible 1}. */
    final List<String> events = new CopyOnWriteArrayList<>();

    private final Place place;
    private final MeshRunner<NodeMesh> runner;
    private final Optional<EtcdDirectory> region;

    /** A node of a zone without slots. */
    TestNode(String place, Directory directory) {
        this(place, directory, Optional.empty());
    }

    /** A node that stands for election and has slots. */
    TestNode(String place, EtcdDirectory region) {
        this(place, region, Optional.of(region));
        ZoneFollower.follow(region, runner);
    }

    private TestNode(String place, Directory directory, Optional<EtcdDirectory> region) {
        this.place = Place.parse(place);
        this.region = region;
        this.runner = MeshRunner.start(
                Setups.of(this.place, BOOT, List.of(directory)),
                (send, nowNanos) -> {
                    var mesh = new NodeMesh(
                            this.place,
                            BOOT,
                            Setups.RULES,
                            MeshSettings.DEFAULT,
                            new Outlet(send),
                            new RetainedMemory(publication -> text(publication).isEmpty()),
                            nowNanos);
                    mesh.open(nowNanos);
                    return mesh;
                },
                mesh -> Map.of("links", (double) mesh.figures().links()));
    }

    MeshRunner<NodeMesh> runner() {
        return runner;
    }

    static String text(Publication publication) {
        return ((OpaqueBytes) publication.bytes()).canonical().toStringUtf8();
    }

    /** Publishes with RETAIN; the event {@code kept 0 token} follows. */
    void retain(String topic, String payload, long token) {
        var publication = new Publication(
                new PublicationId(Landing.hashOf(place), BOOT, token),
                token,
                0,
                topic,
                Qos.AT_LEAST_ONCE,
                true,
                Publication.NEVER,
                new OpaqueBytes(ByteString.copyFromUtf8(payload)));
        runner.execute(
                () -> runner.mesh().retained().put(publication, code -> events.add("kept " + code + " " + token)));
    }

    /** Looks for retained messages; one event {@code found token topic payload} for each, and {@code found token} follow. */
    void lookUp(String filter, long token) {
        runner.execute(() -> runner.mesh().retained().lookUp(TopicFilter.of(filter), "", 100, (found, _) -> {
            found.forEach(
                    publication -> events.add("found " + token + " " + publication.topic() + " " + text(publication)));
            events.add("found " + token);
        }));
    }

    void subscribe(String filter, long token) {
        runner.execute(() -> {
            runner.mesh().subscribe(TopicFilter.of(filter), true);
            runner.mesh().awaitVisibility(token, System.nanoTime());
        });
    }

    void publish(String topic, Qos qos, String payload, long token) {
        var publication = new Publication(
                new PublicationId(Landing.hashOf(place), BOOT, token),
                token,
                0,
                topic,
                qos,
                false,
                Publication.NEVER,
                new OpaqueBytes(ByteString.copyFromUtf8(payload)));
        runner.execute(() -> {
            var mesh = runner.mesh();
            var destinations = mesh.router().decide(topic, qos, Router.Arrival.PUBLISHED_HERE, List.of(), token);
            if (mesh.publish(publication, destinations, token, System.nanoTime()) != Placement.WAITING) {
                events.add("nobody has to accept " + token);
            }
        });
    }

    /** Says something about a connection to another node. */
    void say(String peer, long connection, String text) {
        var body = CanonicalBytes.wrap(text.getBytes(StandardCharsets.UTF_8));
        runner.execute(() -> runner.mesh()
                .streams(System.nanoTime())
                .send(new Incarnation(Place.parse(peer), BOOT), new StreamItem(connection, body)));
    }

    @Override
    public void close() {
        runner.close();
    }

    private final class Outlet implements NodeOutlet {

        @Override
        public List<String> filtersHere(String topic) {
            return List.of();
        }

        @Override
        public boolean hasRoom() {
            return true;
        }

        @Override
        public void endOfBatch() {
            // Deliveries are made at once.
        }

        private final BiConsumer<Place, Frame> toLink;

        Outlet(BiConsumer<Place, Frame> toLink) {
            this.toLink = toLink;
        }

        @Override
        public void send(Place neighbour, Frame frame) {
            toLink.accept(neighbour, frame);
        }

        @Override
        public Custody deliver(Publication publication, List<GroupGrant> granted, long token) {
            events.add(publication.topic() + " " + text(publication));
            return Custody.TAKEN;
        }

        @Override
        public Custody deliverAgain(Publication publication, List<GroupGrant> granted, long token) {
            throw new UnsupportedOperationException("everything is kept at once: " + publication);
        }

        @Override
        public Custody deliverGranted(Publication publication, List<GroupGrant> granted, long token) {
            throw new UnsupportedOperationException("nobody leaves anything behind: " + publication);
        }

        @Override
        public void settingsChanged(PlatformSettings settings) {}

        @Override
        public void accepted(long publishToken) {
            events.add("accepted " + publishToken);
        }

        @Override
        public void visible(long subscribeToken, boolean capped) {
            events.add((capped ? "capped " : "visible ") + subscribeToken);
        }

        @Override
        public void asked(Frame.Request request) {
            throw new AssertionError("nobody asks: " + request);
        }

        @Override
        public void answered(Frame.Response response) {
            throw new AssertionError("nobody asks: " + response);
        }

        @Override
        public void propose(SlotProposal proposal) {
            region.orElseThrow().propose(proposal);
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
            region.ifPresent(register -> register.confirm(question));
        }

        @Override
        public void arrived(Incarnation peer, StreamItem item) {
            var body = StandardCharsets.UTF_8.decode(item.body().asByteBuffer());
            events.add(peer.place() + " says of " + item.connection() + ": " + body);
        }

        @Override
        public void streamEnded(Incarnation peer) {
            events.add(peer.place() + " ended");
        }

        @Override
        public void reported(Frame.Report report) {
            throw new AssertionError("nobody reports to a node: " + report);
        }
    }
}
