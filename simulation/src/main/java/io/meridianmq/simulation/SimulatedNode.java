package io.meridianmq.simulation;

import io.meridianmq.core.clock.HybridClock;
import io.meridianmq.core.link.DueWill;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.GroupGrant;
import io.meridianmq.core.link.StreamItem;
import io.meridianmq.core.mesh.MeshSettings;
import io.meridianmq.core.mesh.NodeFigures;
import io.meridianmq.core.mesh.NodeMesh;
import io.meridianmq.core.mesh.NodeOutlet;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.retained.RetainedMemory;
import io.meridianmq.core.route.AddressRules;
import io.meridianmq.core.route.Landing;
import io.meridianmq.core.route.Router;
import io.meridianmq.core.settings.PlatformSettings;
import io.meridianmq.core.slot.SlotProposal;
import io.meridianmq.core.slot.SlotTable;
import io.meridianmq.topic.TopicFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A broker node: its mesh, with subscribers that remember what they got. */
final class SimulatedNode implements Network.Component, NodeOutlet {

    /** What this node tells of what happens to it. */
    interface Observer {

        void delivered(Subscriber subscriber, Publication publication);

        void visible(Subscriber subscriber, boolean capped);

        void acknowledged(PublicationId publication);

        void landed(SimulatedNode node, Frame.LaneData data);
    }

    private final Place self;
    private final long boot;
    private final Schedule schedule;
    private final Network network;
    private final Observer observer;
    private final SimulatedDisk disk;
    private final boolean acceptsTooEarly;
    private final NodeMesh mesh;
    private final Router router;
    private final List<Subscriber> subscribers = new ArrayList<>();
    private final Map<Long, Subscriber> awaitingVisibility = new HashMap<>();
    private final Map<Long, Waiting> awaitingAcceptance = new HashMap<>();
    private long nextNumber;
    private long nextToken;

    /** A publish that its publisher waits for, and how much of it is not done yet. */
    private static final class Waiting {
        private final PublicationId publication;
        private int parts = 1;
        private boolean isRefused;

        Waiting(PublicationId publication) {
            this.publication = publication;
        }
    }

    /** @param acceptsTooEarly whether it says that it has what its disk does not have yet */
    SimulatedNode(
            Place self,
            long boot,
            Schedule schedule,
            Network network,
            SimulatedDisk disk,
            boolean acceptsTooEarly,
            Observer observer) {
        this.self = self;
        this.boot = boot;
        this.schedule = schedule;
        this.network = network;
        this.observer = observer;
        this.disk = disk;
        this.acceptsTooEarly = acceptsTooEarly;
        this.mesh = new NodeMesh(
                self,
                boot,
                AddressRules.of(AddressRules.DEFAULT_TEMPLATES),
                MeshSettings.DEFAULT,
                this,
                new RetainedMemory(_ -> false),
                schedule.nowNanos());
        this.router = mesh.router();
    }

    Place place() {
        return self;
    }

    NodeFigures figures() {
        return mesh.figures();
    }

    List<Place> notCurrent() {
        return mesh.notCurrent();
    }

    int waitingPublishes() {
        return awaitingAcceptance.size();
    }

    void onView(MembershipView view) {
        mesh.onView(view, schedule.nowNanos());
        flush();
    }

    void onSlots(SlotTable slots) {
        mesh.onSlots(slots, schedule.nowNanos());
        flush();
    }

    void flush() {
        mesh.flush(schedule.nowNanos());
    }

    /** It is killed. */
    void crash() {
        disk.crash();
    }

    /** A durable subscriber of the start before is there. */
    void restore(Subscriber subscriber) {
        subscriber.outlived();
        subscribers.add(subscriber);
        mesh.subscribe(subscriber.filter(), true);
    }

    /** Its subscribers from before are there. */
    void open() {
        mesh.open(schedule.nowNanos());
    }

    /** @param before told of the new subscriber before its SUBACK can come */
    Subscriber subscribe(TopicFilter filter, boolean durable, Consumer<Subscriber> before) {
        var subscriber = new Subscriber(self, filter, durable, schedule.nowNanos());
        before.accept(subscriber);
        subscribers.add(subscriber);
        var token = nextToken++;
        awaitingVisibility.put(token, subscriber);
        mesh.subscribe(filter, true);
        mesh.awaitVisibility(token, schedule.nowNanos());
        flush();
        return subscriber;
    }

    void unsubscribe(Subscriber subscriber) {
        subscribers.remove(subscriber);
        mesh.unsubscribe(subscriber.filter(), true);
        flush();
    }

    /** The next publication of a publisher at this node. The caller releases it after {@link #publish}. */
    Publication compose(String topic, Qos qos, long publisherHash) {
        return new Publication(
                new PublicationId(Landing.hashOf(self), boot, nextNumber++),
                HybridClock.ofMillis(schedule.nowMillis()),
                publisherHash,
                topic,
                qos,
                false,
                Publication.NEVER,
                new ArrayBytes(256));
    }

    /** Publishes; false if a lane was full and nothing was placed. */
    boolean publish(Publication publication) {
        var topic = publication.topic();
        var qos = publication.qos();
        var destinations = router.decide(
                topic,
                qos,
                Router.Arrival.PUBLISHED_HERE,
                List.of(),
                publication.id().number());
        var token = nextToken++;
        var waiting = new Waiting(publication.id());
        awaitingAcceptance.put(token, waiting);
        var placement = mesh.publish(publication, destinations, token, schedule.nowNanos());
        if (placement == NodeMesh.Placement.FULL) {
            awaitingAcceptance.remove(token);
            return false;
        }
        if (placement == NodeMesh.Placement.WAITING) {
            waiting.parts++;
        }
        deliverNow(publication, destinations.grantsFor(self));
        if (qos == Qos.AT_MOST_ONCE) {
            deliverAtOnce(durable(publication), publication);
            awaitingAcceptance.remove(token);
        } else {
            if (!durable(publication).isEmpty()) {
                waiting.parts++;
                keep(publication, isKept -> {
                    waiting.isRefused |= !isKept;
                    accepted(token);
                });
            }
            accepted(token);
        }
        flush();
        return true;
    }

    /** Sends a publication that landed here as if it had been published here: what a broken split horizon would do. */
    void republish(Publication publication) {
        var destinations =
                router.decide(publication.topic(), publication.qos(), Router.Arrival.PUBLISHED_HERE, List.of(), 0);
        mesh.publish(publication, destinations, nextToken++, schedule.nowNanos());
    }

    @Override
    public void onLinkUp(Place neighbour) {
        mesh.onLinkUp(neighbour, schedule.nowNanos());
        flush();
    }

    @Override
    public void onLinkDown(Place neighbour) {
        mesh.onLinkDown(neighbour, schedule.nowNanos());
        flush();
    }

    @Override
    public void onFrame(Place from, Frame frame) {
        mesh.onFrame(from, frame, schedule.nowNanos());
        if (frame instanceof Frame.LaneData data) {
            observer.landed(this, data);
        }
        flush();
    }

    @Override
    public void send(Place neighbour, Frame frame) {
        if (network.isUp(self, neighbour)) {
            network.send(self, neighbour, frame);
        }
    }

    @Override
    public Custody deliver(Publication publication, List<GroupGrant> granted, long token) {
        deliverNow(publication, granted);
        if (publication.qos() == Qos.AT_MOST_ONCE) {
            deliverAtOnce(durable(publication), publication);
            return Custody.TAKEN;
        }
        return deliverAgain(publication, granted, token);
    }

    @Override
    public Custody deliverAgain(Publication publication, List<GroupGrant> granted, long token) {
        if (durable(publication).isEmpty()) {
            return Custody.TAKEN;
        }
        if (acceptsTooEarly) {
            keep(publication, _ -> {});
            return Custody.TAKEN;
        }
        keep(publication, isKept -> {
            mesh.onKept(token, isKept, schedule.nowNanos());
            flush();
        });
        return Custody.AWAITED;
    }

    @Override
    public Custody deliverGranted(Publication publication, List<GroupGrant> granted, long token) {
        for (var grant : granted) {
            subscribers.stream()
                    .filter(subscriber -> subscriber.isMember(grant.group(), grant.filter()))
                    .findFirst()
                    .ifPresent(member -> observer.delivered(member, publication));
        }
        return Custody.TAKEN; // Members of shared subscriptions are not durable here.
    }

    private void deliverNow(Publication publication, List<GroupGrant> granted) {
        deliverAtOnce(
                subscribers.stream()
                        .filter(subscriber -> !subscriber.isDurable() && subscriber.wants(publication.topic()))
                        .toList(),
                publication);
        deliverGranted(publication, granted, 0);
    }

    private void deliverAtOnce(List<Subscriber> to, Publication publication) {
        to.forEach(subscriber -> observer.delivered(subscriber, publication));
    }

    private List<Subscriber> durable(Publication publication) {
        return subscribers.stream()
                .filter(subscriber -> subscriber.isDurable() && subscriber.wants(publication.topic()))
                .toList();
    }

    /** Durable subscribers have what is on disk. */
    private void keep(Publication publication, Consumer<Boolean> onAnswer) {
        var readers = durable(publication);
        disk.write(publication, isKept -> {
            if (isKept) {
                deliverAtOnce(readers, publication);
            }
            onAnswer.accept(isKept);
        });
    }

    @Override
    public List<String> filtersHere(String topic) {
        return subscribers.stream()
                .map(Subscriber::filter)
                .filter(filter -> !filter.isShared() && filter.matches(topic))
                .map(TopicFilter::text)
                .toList();
    }

    @Override
    public boolean hasRoom() {
        return true;
    }

    @Override
    public void endOfBatch() {
        // Deliveries are made at once.
    }

    @Override
    public void settingsChanged(PlatformSettings settings) {
        throw new IllegalStateException("nobody sets anything in the simulation: " + settings);
    }

    @Override
    public void accepted(long publishToken) {
        var waiting = awaitingAcceptance.get(publishToken);
        if (waiting != null && --waiting.parts == 0) {
            awaitingAcceptance.remove(publishToken);
            if (!waiting.isRefused) {
                observer.acknowledged(waiting.publication);
            }
        }
    }

    @Override
    public void visible(long subscribeToken, boolean capped) {
        var subscriber = awaitingVisibility.remove(subscribeToken);
        if (subscriber != null) {
            observer.visible(subscriber, capped);
        }
    }

    @Override
    public void asked(Frame.Request request) {
        throw new IllegalStateException("nobody asks in the simulation: " + request);
    }

    @Override
    public void answered(Frame.Response response) {
        // Nobody asks but the node itself, about retained messages, and this answer comes too late for that.
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
        throw new IllegalStateException("no session is simulated at another node than its client: " + peer);
    }

    @Override
    public void streamEnded(Incarnation peer) {
        throw new IllegalStateException("nothing is said on streams in the simulation: " + peer);
    }

    @Override
    public void reported(Frame.Report report) {
        throw new IllegalStateException("nobody reports to a node: " + report);
    }
}
