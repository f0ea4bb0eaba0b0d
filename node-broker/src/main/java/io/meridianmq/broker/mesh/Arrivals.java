package io.meridianmq.broker.mesh;

import io.meridianmq.broker.claim.ClaimEffects;
import io.meridianmq.broker.loop.HandOff;
import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.loop.Loops;
import io.meridianmq.broker.publish.Acceptance;
import io.meridianmq.broker.publish.Fanout;
import io.meridianmq.broker.publish.Stamps;
import io.meridianmq.core.link.ConnectionNumber;
import io.meridianmq.core.link.DueWill;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.GroupGrant;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.link.StreamItem;
import io.meridianmq.core.mesh.NodeOutlet;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.route.Destinations;
import io.meridianmq.core.session.Subscription;
import io.meridianmq.core.settings.PlatformSettings;
import io.meridianmq.core.slot.SlotProposal;
import io.meridianmq.core.stream.StreamOutlet;
import io.meridianmq.fabric.directory.EtcdDirectory;
import io.meridianmq.topic.SubscriptionTrie;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the mesh brings to this node: messages for its sessions, and answers to what its loops and its disk are waiting for.
 * Belongs to the mesh thread.
 */
final class Arrivals implements NodeOutlet {

    private static final Logger log = LoggerFactory.getLogger(Arrivals.class);

    private final Loops loops;
    private final SubscriptionTrie<Subscription> trie;
    private final Fanout fanout;
    private final HandOff handOff;
    private final Stamps stamps;
    private final InstantSource clock;
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

    private long lastToken;

    Arrivals(
            Loops loops,
            SubscriptionTrie<Subscription> trie,
            Fanout fanout,
            HandOff handOff,
            Stamps stamps,
            InstantSource clock,
            EtcdDirectory region,
            Consumer<PlatformSettings> onSettings,
            ClaimEffects claimEffects,
            OperatorQuestions operators) {
        this.loops = loops;
        this.trie = trie;
        this.fanout = fanout;
        this.handOff = handOff;
        this.stamps = stamps;
        this.clock = clock;
        this.region = region;
        this.onSettings = onSettings;
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
    public void deliver(Publication publication, List<GroupGrant> granted) {
        stamps.arrived(publication.timestamp(), clock.millis());
        fanout.deliver(publication, new ClusterRoute(Destinations.NONE, granted), Acceptance.NOT_AWAITED);
    }

    @Override
    public void deliverGranted(Publication publication, List<GroupGrant> granted) {
        stamps.arrived(publication.timestamp(), clock.millis());
        fanout.deliverToGroups(publication, new ClusterRoute(Destinations.NONE, granted));
    }

    @Override
    public List<String> filtersHere(String topic) {
        var filters = new TreeSet<String>();
        trie.match(topic, subscription -> filters.add(subscription.filter()));
        return List.copyOf(filters);
    }

    @Override
    public boolean hasRoom() {
        return loops.all().stream().noneMatch(Loop::isFlooded);
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
    public void endSession(String clientId, ConnectionNumber number) {
        claimEffects.endSession(clientId, number);
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
