package io.meridianmq.broker.mesh;

import io.meridianmq.broker.claim.ClaimEffects;
import io.meridianmq.broker.loop.HandOff;
import io.meridianmq.broker.publish.Acceptance;
import io.meridianmq.broker.publish.Fanout;
import io.meridianmq.core.link.DueWill;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.GroupGrant;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.link.StreamItem;
import io.meridianmq.core.mesh.NodeMesh;
import io.meridianmq.core.mesh.NodeOutlet;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.session.Subscription;
import io.meridianmq.core.settings.PlatformSettings;
import io.meridianmq.core.slot.SlotProposal;
import io.meridianmq.core.stream.StreamOutlet;
import io.meridianmq.fabric.directory.EtcdDirectory;
import io.meridianmq.fabric.relay.MeshRunner;
import io.meridianmq.topic.SubscriptionTrie;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the mesh brings to this node: messages for its sessions, and answers to what its loops and its disk are waiting for.
 * Belongs to the mesh thread.
 */
final class Arrivals implements NodeOutlet {

    private static final Logger log = LoggerFactory.getLogger(Arrivals.class);

    private final SubscriptionTrie<Subscription> trie;
    private final HandOff handOff;
    private final Incoming incoming;
    private final EtcdDirectory region;
    private final Consumer<PlatformSettings> onSettings;
    private final ClaimEffects claimEffects;
    private final OperatorQuestions operators;

    private final Map<Long, Acceptance> awaitingAcceptance = new HashMap<>();
    private final Map<Long, Runnable> awaitingVisibility = new HashMap<>();
    /** Set before anything happens. */
    private BiConsumer<Place, Frame> toLink = (_, _) -> {};
    /** Set before anything happens, if sessions of clients elsewhere are served. */
    private StreamOutlet streams = new Unserved();

    private @Nullable MeshRunner<NodeMesh> mesh;

    private long lastToken;

    Arrivals(Cluster.Inside inside, EtcdDirectory region, ClaimEffects claimEffects, OperatorQuestions operators) {
        var loops = inside.loops();
        this.trie = inside.trie();
        this.handOff = HandOff.ofOtherThread(loops, this::onMeshThread);
        var fanout = new Fanout(loops, handOff, trie, inside.messages(), inside.clock());
        this.incoming = new Incoming(loops, fanout, inside.stamps(), inside.clock(), this::onKept);
        this.region = region;
        this.onSettings = inside.onSettings();
        this.claimEffects = claimEffects;
        this.operators = operators;
    }

    /** Frames go to links through {@code send} from here on. */
    Arrivals sendingTo(BiConsumer<Place, Frame> send) {
        toLink = send;
        return this;
    }

    /** What comes on streams goes to {@code outlet} from here on. */
    void connectStreams(StreamOutlet outlet) {
        streams = outlet;
    }

    /** The mesh runs: what durable sessions have written down is told to it. Until then there is no room for anything. */
    void connect(MeshRunner<NodeMesh> runner) {
        mesh = runner;
    }

    /** Work for loops. */
    HandOff handOff() {
        return handOff;
    }

    /** Any thread that was given something by the mesh thread. */
    private void onMeshThread(Runnable task) {
        try {
            Objects.requireNonNull(mesh, "nothing was delivered before it").execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("a loop answers the mesh thread, which has ended: who sent it still has it", e);
        }
    }

    private void onKept(long token, boolean isKept) {
        Objects.requireNonNull(mesh, "nothing was delivered before it").mesh().onKept(token, isKept, System.nanoTime());
    }

    /** A token for a publish whose publisher waits. */
    long await(Acceptance acceptance) {
        lastToken++;
        awaitingAcceptance.put(lastToken, acceptance);
        return lastToken;
    }

    /** Nobody has to accept the publish with this token, or nobody could. */
    void settle(long publishToken, int reasonCode) {
        var acceptance = awaitingAcceptance.remove(publishToken);
        if (acceptance != null) {
            acceptance.completeLater(reasonCode);
        }
    }

    /** A token for a subscription that waits until it is known. */
    long await(Runnable onVisible) {
        lastToken++;
        awaitingVisibility.put(lastToken, onVisible);
        return lastToken;
    }

    @Override
    public void send(Place neighbour, Frame frame) {
        toLink.accept(neighbour, frame);
    }

    @Override
    public Custody deliver(Publication publication, List<GroupGrant> granted, long token) {
        return incoming.deliver(publication, granted, Fanout.Audience.ALL, token);
    }

    @Override
    public Custody deliverAgain(Publication publication, List<GroupGrant> granted, long token) {
        return incoming.deliver(publication, granted, Fanout.Audience.DURABLE, token);
    }

    @Override
    public Custody deliverGranted(Publication publication, List<GroupGrant> granted, long token) {
        return incoming.deliver(publication, granted, Fanout.Audience.GROUPS, token);
    }

    @Override
    public List<String> filtersHere(String topic) {
        var filters = new TreeSet<String>();
        trie.match(topic, subscription -> filters.add(subscription.filter()));
        return List.copyOf(filters);
    }

    @Override
    public boolean hasRoom() {
        return mesh != null && incoming.hasRoom();
    }

    @Override
    public void endOfBatch() {
        handOff.flush();
    }

    @Override
    public void settingsChanged(PlatformSettings settings) {
        onSettings.accept(settings);
    }

    @Override
    public void accepted(long publishToken) {
        settle(publishToken, 0);
    }

    @Override
    public void visible(long subscribeToken, boolean capped) {
        var onVisible = awaitingVisibility.remove(subscribeToken);
        if (onVisible != null) {
            onVisible.run();
        }
    }

    @Override
    public void arrived(Incarnation peer, StreamItem item) {
        streams.arrived(peer, item);
    }

    @Override
    public void streamEnded(Incarnation peer) {
        streams.streamEnded(peer);
    }

    @Override
    public void asked(Frame.Request request) {
        if (request.question() instanceof Question.NodeOperation operation) {
            operators.onAsked(request, operation);
        } else {
            log.debug("{} asks what a node does not answer", request.asker());
        }
    }

    @Override
    public void answered(Frame.Response response) {
        log.debug("{} answers what nobody waits for any more", response.answerer());
    }

    @Override
    public void propose(SlotProposal proposal) {
        region.propose(proposal);
    }

    @Override
    public long stamp() {
        return claimEffects.stamp();
    }

    @Override
    public void publishWill(DueWill will) {
        claimEffects.publishWill(will);
    }

    @Override
    public void endSession(String clientId, ConnectionNumber number, Optional<Incarnation> heir) {
        claimEffects.endSession(clientId, number, heir);
    }

    @Override
    public void willDone(String clientId, ConnectionNumber number) {
        claimEffects.willDone(clientId, number);
    }

    @Override
    public void confirmSlots(long question) {
        region.confirm(question);
    }

    @Override
    public void reported(Frame.Report report) {
        // Nodes report upward; nobody reports to them.
    }

    /** No connection is known to it, and what is said about unknown connections is ignored. */
    private static final class Unserved implements StreamOutlet {

        @Override
        public void arrived(Incarnation peer, StreamItem item) {
            log.debug("{} says something about connection {}, which is unknown", peer, item.connection());
        }

        @Override
        public void streamEnded(Incarnation peer) {
            log.debug("no connection depends on {}", peer);
        }
    }
}
