package io.meridianmq.broker.mesh;

import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.loop.Loops;
import io.meridianmq.broker.publish.Acceptance;
import io.meridianmq.broker.publish.Mesh;
import io.meridianmq.broker.publish.Route;
import io.meridianmq.core.mesh.NodeMesh;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.route.Destinations;
import io.meridianmq.core.route.Router;
import io.meridianmq.core.session.Subscription;
import io.meridianmq.core.slot.SlotTable;
import io.meridianmq.fabric.relay.MeshRunner;
import io.meridianmq.topic.SubscriptionTrie;
import io.meridianmq.topic.TopicFilter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The other nodes, zones and regions, as one loop of this node sees them. Belongs to that loop; what it asks of the mesh
 * thread goes there as one batch per iteration of the loop.
 */
final class ClusterMesh implements Mesh {

    private static final int QUOTA_EXCEEDED = 0x97;

    private final Loop loop;
    private final Loops loops;
    private final MeshRunner<NodeMesh> runner;
    private final Arrivals arrivals;
    private final SubscriptionTrie<Subscription> trie;
    private final Supplier<Visibility> visibility;
    private final BlockedPublications blocked;
    private final Router router;

    /** Members of shared subscriptions that have no connection, of this loop's sessions; belongs to the mesh thread. */
    private final Set<Subscription> away = new HashSet<>();

    private final Runnable handOver = this::handOver;
    private List<Departure> departures = new ArrayList<>();

    /** That of the last message: one message after the other has the same destinations. */
    private ClusterRoute route = new ClusterRoute(Destinations.NONE, List.of());

    /** One message on its way out; holds a share of its bytes. */
    private record Departure(Publication publication, ClusterRoute route, Acceptance acceptance) {}

    ClusterMesh(
            Loop loop,
            Loops loops,
            MeshRunner<NodeMesh> runner,
            Arrivals arrivals,
            SubscriptionTrie<Subscription> trie,
            Supplier<Visibility> visibility,
            BlockedPublications blocked) {
        this.loop = loop;
        this.loops = loops;
        this.runner = runner;
        this.arrivals = arrivals;
        this.trie = trie;
        this.visibility = visibility;
        this.blocked = blocked;
        this.router = runner.mesh().router();
    }

    @Override
    public void subscribe(TopicFilter filter, Subscription subscription, Runnable onVisible) {
        var home = loops.get(subscription.session().home());
        runner.execute(() -> {
            if (trie.add(filter, subscription)) {
                runner.mesh().subscribe(filter, true);
            }
            switch (visibility.get()) {
                case LOCAL -> home.execute(onVisible);
                case ZONE ->
                    runner.mesh().awaitVisibility(arrivals.await(() -> home.execute(onVisible)), System.nanoTime());
            }
        });
    }

    @Override
    public void unsubscribe(TopicFilter filter, Subscription subscription) {
        runner.execute(() -> {
            if (trie.remove(filter, subscription)) {
                runner.mesh().unsubscribe(filter, !away.remove(subscription));
            }
        });
    }

    @Override
    public void presence(TopicFilter filter, Subscription shared, boolean isConnected) {
        runner.execute(() -> {
            if (isConnected ? away.remove(shared) : away.add(shared)) {
                runner.mesh().presence(filter, isConnected);
            }
        });
    }

    @Override
    public SlotTable slots() {
        return runner.mesh().slots();
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // A decision that is known is one object.
    public Route route(Publication publication) {
        var destinations = router.decide(
                publication.topic(),
                publication.qos(),
                Router.Arrival.PUBLISHED_HERE,
                List.of(),
                publication.id().number());
        blocked.count(destinations.withheld());
        if (route.destinations() != destinations) {
            route = new ClusterRoute(
                    destinations, destinations.grantsFor(runner.member().place()));
        }
        return route;
    }

    @Override
    public void forward(Publication publication, Route route, Acceptance acceptance) {
        acceptance.expect();
        var kept = publication.qos() == Qos.AT_MOST_ONCE ? publication.share() : publication.shareForLong();
        if (departures.isEmpty()) {
            loop.atEndOfIteration(handOver);
        }
        departures.add(new Departure(kept, (ClusterRoute) route, acceptance));
    }

    @Override
    public void passOn(Publication publication, TopicFilter shared, Runnable onNobody) {
        var kept = publication.shareForLong();
        // Later: the session that leaves it behind is about to tell the mesh that it is no member any more.
        loop.execute(() -> runner.execute(() -> {
            if (!runner.mesh().passOn(kept, shared, System.nanoTime())) {
                onNobody.run();
            }
            kept.release();
        }));
    }

    private void handOver() {
        var batch = departures;
        departures = new ArrayList<>();
        runner.execute(() -> batch.forEach(this::depart));
    }

    /** On the mesh thread. */
    private void depart(Departure departure) {
        var token = arrivals.await(departure.acceptance);
        var placement =
                runner.mesh().publish(departure.publication, departure.route.destinations(), token, System.nanoTime());
        switch (placement) {
            case DONE -> arrivals.settle(token, 0);
            case WAITING -> {}
            case FULL -> arrivals.settle(token, QUOTA_EXCEEDED);
        }
        departure.publication.release();
    }
}
