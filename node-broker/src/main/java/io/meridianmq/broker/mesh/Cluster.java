package io.meridianmq.broker.mesh;

import io.meridianmq.broker.claim.ClaimEffects;
import io.meridianmq.broker.claim.ClaimMeters;
import io.meridianmq.broker.claim.ClaimThread;
import io.meridianmq.broker.claim.KeptSessions;
import io.meridianmq.broker.loop.HandOff;
import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.loop.Loops;
import io.meridianmq.broker.publish.Mesh;
import io.meridianmq.broker.publish.MessageMetrics;
import io.meridianmq.broker.publish.RetainedDisk;
import io.meridianmq.broker.publish.RetainedMessages;
import io.meridianmq.broker.publish.Stamps;
import io.meridianmq.broker.remote.NoSessionsYet;
import io.meridianmq.broker.remote.StreamThread;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.DueWill;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.mesh.MeshSettings;
import io.meridianmq.core.mesh.NodeMesh;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.route.AddressRules;
import io.meridianmq.core.session.Subscription;
import io.meridianmq.core.settings.PlatformSettings;
import io.meridianmq.core.stream.StreamOutlet;
import io.meridianmq.fabric.directory.EtcdDirectory;
import io.meridianmq.fabric.relay.MeshRunner;
import io.meridianmq.fabric.relay.MeshSetup;
import io.meridianmq.fabric.relay.ZoneFollower;
import io.meridianmq.topic.SubscriptionTrie;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** This node's place among the others: its mesh, running. Any thread may call, unless a method says otherwise. */
public final class Cluster implements ClaimThread, StreamThread, AutoCloseable {

    private final Incarnation self;
    private final MeshRunner<NodeMesh> runner;
    private final Arrivals arrivals;
    private final Inside inside;
    private final BlockedPublications blocked;
    private final ClaimEffects claimEffects;

    /**
     * What of the node the mesh delivers to and asks.
     *
     * @param trie all subscriptions of the node; from here on written by the mesh thread only
     * @param retained the retained messages on this node's disk
     * @param operations does what operators want, on the mesh thread; may answer on any
     * @param onSettings takes what is set for the platform, on the mesh thread
     * @param visibility where a subscription is known before it is acknowledged, at the moment
     */
    public record Inside(
            Loops loops,
            SubscriptionTrie<Subscription> trie,
            Stamps stamps,
            MessageMetrics messages,
            InstantSource clock,
            RetainedDisk retained,
            BiConsumer<Question.NodeOperation, Consumer<Answer>> operations,
            Consumer<PlatformSettings> onSettings,
            Supplier<Visibility> visibility) {}

    /**
     * How the node behaves among the others.
     *
     * @param addresses which topics carry their home; the same on the whole platform
     * @param visibility where a subscription is known before it is acknowledged, as the node's configuration says
     */
    public record Settings(AddressRules addresses, Visibility visibility, MeshSettings mesh) {}

    private Cluster(
            Incarnation self,
            MeshRunner<NodeMesh> runner,
            Arrivals arrivals,
            Inside inside,
            BlockedPublications blocked,
            ClaimEffects claimEffects) {
        this.self = self;
        this.runner = runner;
        this.arrivals = arrivals;
        this.inside = inside;
        this.blocked = blocked;
        this.claimEffects = claimEffects;
    }

    /**
     * Joins the others.
     *
     * @param region where the zone keeps its leader and its slot table; one of the directories of {@code setup}
     * @throws io.meridianmq.fabric.lifecycle.StartRefusedException if links cannot be accepted
     */
    public static Cluster join(
            MeshSetup setup, EtcdDirectory region, Settings settings, Inside inside, MeterRegistry meters) {
        var operators = new OperatorQuestions(inside.operations());
        var claimEffects = new ClaimEffects(inside.stamps(), inside.clock());
        var arrivals = new Arrivals(inside, region, claimEffects, operators);
        var claimMeters = new ClaimMeters(meters);
        var nodeMeters = new NodeMeters(meters);
        var slotMeters = new SlotMeters(meters);
        var runner = MeshRunner.start(
                setup,
                (send, nowNanos) -> new NodeMesh(
                        setup.place(),
                        setup.boot(),
                        settings.addresses(),
                        settings.mesh(),
                        arrivals.sendingTo(send),
                        inside.retained(),
                        nowNanos),
                mesh -> {
                    slotMeters.update(mesh.slotFigures());
                    claimMeters.update(mesh.claimFigures());
                    return nodeMeters.update(mesh.figures());
                });
        runner.bindTo(meters);
        runner.execute(() -> {
            arrivals.connect(runner);
            operators.connect(runner);
        });
        inside.retained().connect(runner);
        ZoneFollower.follow(region, runner);
        var cluster = new Cluster(
                new Incarnation(setup.place(), setup.boot()),
                runner,
                arrivals,
                inside,
                new BlockedPublications(meters),
                claimEffects);
        cluster.connectStreams(new NoSessionsYet(cluster));
        return cluster;
    }

    /** The others as one loop sees them; belongs to that loop. */
    public Mesh seenFrom(Loop loop) {
        return new ClusterMesh(loop, inside.loops(), runner, arrivals, inside.trie(), inside.visibility(), blocked);
    }

    /** The retained messages of the platform, as this node's clients see them. */
    public RetainedMessages retained() {
        return new PlatformRetained(runner);
    }

    @Override
    public void execute(ClaimThread.Task task) {
        runner.execute(() -> {
            var nowNanos = System.nanoTime();
            task.run(runner.mesh().claims(nowNanos), nowNanos);
        });
    }

    @Override
    public Incarnation self() {
        return self;
    }

    @Override
    public void onStreams(Consumer<StreamThread.Sender> task) {
        runner.execute(() -> task.accept(runner.mesh().streams(System.nanoTime())::send));
    }

    @Override
    public void connectStreams(StreamOutlet outlet) {
        runner.execute(() -> arrivals.connectStreams(outlet));
    }

    @Override
    public HandOff toLoops() {
        return arrivals.handOff();
    }

    @Override
    public void connect(Consumer<DueWill> wills, KeptSessions sessions) {
        runner.execute(() -> {
            claimEffects.connect(wills, sessions);
            runner.mesh().open(System.nanoTime());
        });
    }

    /** Whether the directory has been seen, and every member's interest is known or has been waited for. */
    public boolean isReady() {
        return runner.isReady();
    }

    /** Lists this node as in service: it knows what the others want, and is about to accept clients. */
    public void listInService() {
        runner.listInService();
    }

    /** Lists this node as on its way out of service, or as back in it. For the mesh thread. */
    public void listDraining(boolean draining) {
        runner.listDraining(draining);
    }

    /** Slots that this node serves. For the mesh thread. */
    public int slotsOwned() {
        return runner.mesh().slotFigures().owned();
    }

    @Override
    public void close() {
        runner.close();
    }
}
