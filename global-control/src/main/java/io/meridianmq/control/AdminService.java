package io.meridianmq.control;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.meridianmq.core.mesh.KnownComponent;
import io.meridianmq.core.place.Place;
import io.meridianmq.proto.admin.v1.ExplainRequest;
import io.meridianmq.proto.admin.v1.ExplainResponse;
import io.meridianmq.proto.admin.v1.GetNodeRequest;
import io.meridianmq.proto.admin.v1.GetRegionRequest;
import io.meridianmq.proto.admin.v1.GetZoneRequest;
import io.meridianmq.proto.admin.v1.ListNodesRequest;
import io.meridianmq.proto.admin.v1.ListNodesResponse;
import io.meridianmq.proto.admin.v1.ListRegionsRequest;
import io.meridianmq.proto.admin.v1.ListRegionsResponse;
import io.meridianmq.proto.admin.v1.ListZonesRequest;
import io.meridianmq.proto.admin.v1.ListZonesResponse;
import io.meridianmq.proto.admin.v1.Node;
import io.meridianmq.proto.admin.v1.PlatformGrpc;
import io.meridianmq.proto.admin.v1.Region;
import io.meridianmq.proto.admin.v1.WatchPlatformRequest;
import io.meridianmq.proto.admin.v1.WatchPlatformResponse;
import io.meridianmq.proto.admin.v1.Zone;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** The admin interface. Calls come on threads that may block, and each watcher gets one of its own. */
final class AdminService extends PlatformGrpc.PlatformImplBase {

    private final Platform platform;
    private final InstantSource clock;
    private final Duration explainTime;
    private final Watchers<WatchPlatformResponse> watchers;

    /**
     * @param clock for the time of reports
     * @param explainTime how long one look at where a message would go may take
     * @param watchEvery how often watchers get the platform
     */
    AdminService(Platform platform, InstantSource clock, Duration explainTime, Duration watchEvery) {
        this.platform = platform;
        this.clock = clock;
        this.explainTime = explainTime;
        this.watchers = new Watchers<>(watchEvery);
    }

    @Override
    public void listRegions(ListRegionsRequest request, StreamObserver<ListRegionsResponse> observer) {
        Requests.answer(
                observer,
                () -> ListRegionsResponse.newBuilder()
                        .addAllRegions(now().regions())
                        .build());
    }

    @Override
    public void getRegion(GetRegionRequest request, StreamObserver<Region> observer) {
        Requests.answer(observer, () -> {
            var now = now();
            return now.region(find(now, Requests.place("place", request.getPlace(), Place.Level.REGION)));
        });
    }

    @Override
    public void listZones(ListZonesRequest request, StreamObserver<ListZonesResponse> observer) {
        Requests.answer(observer, () -> {
            var now = now();
            var parent = parent(now, "region", request.getRegion(), Place.Level.REGION);
            return ListZonesResponse.newBuilder().addAllZones(now.zones(parent)).build();
        });
    }

    @Override
    public void getZone(GetZoneRequest request, StreamObserver<Zone> observer) {
        Requests.answer(observer, () -> {
            var now = now();
            return now.zone(find(now, Requests.place("place", request.getPlace(), Place.Level.ZONE)));
        });
    }

    @Override
    public void listNodes(ListNodesRequest request, StreamObserver<ListNodesResponse> observer) {
        Requests.answer(observer, () -> {
            var now = now();
            var parent = parent(now, "parent", request.getParent(), Place.Level.REGION, Place.Level.ZONE);
            return ListNodesResponse.newBuilder().addAllNodes(now.nodes(parent)).build();
        });
    }

    @Override
    public void getNode(GetNodeRequest request, StreamObserver<Node> observer) {
        Requests.answer(observer, () -> {
            var now = now();
            return now.node(find(now, Requests.place("place", request.getPlace(), Place.Level.NODE)));
        });
    }

    @Override
    public void watchPlatform(WatchPlatformRequest request, StreamObserver<WatchPlatformResponse> observer) {
        watchers.add(observer, () -> Optional.of(now().platform()));
    }

    @Override
    public void explain(ExplainRequest request, StreamObserver<ExplainResponse> observer) {
        Requests.answer(observer, () -> explain(request));
    }

    private ExplainResponse explain(ExplainRequest request) {
        var topic = Requests.topic(request.getTopic());
        var qos = Requests.qos(request.getQos());
        var from = Requests.place("from", request.getFrom(), Place.Level.NODE);
        find(now(), from);
        var deadlineNanos = System.nanoTime() + explainTime.toNanos();
        var route = new HopByHop(
                        topic, qos, from, (component, question) -> platform.ask(component, question, deadlineNanos))
                .follow();
        if (route.isUnknown(from)) {
            throw Status.UNAVAILABLE
                    .withDescription(from + ": " + route.unanswered().getFirst().reason())
                    .asRuntimeException();
        }
        return AdminMessages.explained(route);
    }

    private AdminMessages now() {
        return AdminMessages.of(platform, clock);
    }

    private static KnownComponent find(AdminMessages now, Place place) {
        return Optional.ofNullable(now.components().get(place)).orElseThrow(() -> Requests.notFound(place));
    }

    /** The place whose contents are asked for: the whole platform if the text is empty. */
    private static Place parent(AdminMessages now, String field, String text, Place.Level... levels) {
        if (text.isEmpty()) {
            return Place.GLOBAL;
        }
        var parent = Requests.place(field, text, levels);
        if (!now.knows(parent)) {
            throw Requests.notFound(parent);
        }
        return parent;
    }
}
