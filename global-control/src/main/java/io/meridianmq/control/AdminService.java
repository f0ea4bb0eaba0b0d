package io.meridianmq.control;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.meridianmq.core.mesh.KnownComponent;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Qos;
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
import io.meridianmq.topic.InvalidTopicException;
import io.meridianmq.topic.TopicName;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The admin interface. Calls come on threads that may block, and each watcher gets one of its own. */
final class AdminService extends PlatformGrpc.PlatformImplBase {

    private final Platform platform;
    private final InstantSource clock;
    private final Duration explainTime;
    private final Watchers watchers;

    /**
     * @param clock for the time of reports
     * @param explainTime how long one look at where a message would go may take
     * @param watchEvery how often watchers get the platform
     */
    AdminService(Platform platform, InstantSource clock, Duration explainTime, Duration watchEvery) {
        this.platform = platform;
        this.clock = clock;
        this.explainTime = explainTime;
        this.watchers = new Watchers(() -> now().platform(), watchEvery);
    }

    @Override
    public void listRegions(ListRegionsRequest request, StreamObserver<ListRegionsResponse> observer) {
        answer(
                observer,
                () -> ListRegionsResponse.newBuilder()
                        .addAllRegions(now().regions())
                        .build());
    }

    @Override
    public void getRegion(GetRegionRequest request, StreamObserver<Region> observer) {
        answer(observer, () -> {
            var now = now();
            return now.region(find(now, parse("place", request.getPlace(), Place.Level.REGION)));
        });
    }

    @Override
    public void listZones(ListZonesRequest request, StreamObserver<ListZonesResponse> observer) {
        answer(observer, () -> {
            var now = now();
            var parent = parent(now, "region", request.getRegion(), Place.Level.REGION);
            return ListZonesResponse.newBuilder().addAllZones(now.zones(parent)).build();
        });
    }

    @Override
    public void getZone(GetZoneRequest request, StreamObserver<Zone> observer) {
        answer(observer, () -> {
            var now = now();
            return now.zone(find(now, parse("place", request.getPlace(), Place.Level.ZONE)));
        });
    }

    @Override
    public void listNodes(ListNodesRequest request, StreamObserver<ListNodesResponse> observer) {
        answer(observer, () -> {
            var now = now();
            var parent = parent(now, "parent", request.getParent(), Place.Level.REGION, Place.Level.ZONE);
            return ListNodesResponse.newBuilder().addAllNodes(now.nodes(parent)).build();
        });
    }

    @Override
    public void getNode(GetNodeRequest request, StreamObserver<Node> observer) {
        answer(observer, () -> {
            var now = now();
            return now.node(find(now, parse("place", request.getPlace(), Place.Level.NODE)));
        });
    }

    @Override
    public void watchPlatform(WatchPlatformRequest request, StreamObserver<WatchPlatformResponse> observer) {
        watchers.add(observer);
    }

    @Override
    public void explain(ExplainRequest request, StreamObserver<ExplainResponse> observer) {
        answer(observer, () -> explain(request));
    }

    private ExplainResponse explain(ExplainRequest request) {
        var topic = topic(request.getTopic());
        var qos = qos(request.getQos());
        var from = parse("from", request.getFrom(), Place.Level.NODE);
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
        return Optional.ofNullable(now.components().get(place)).orElseThrow(() -> notFound(place));
    }

    /** The place whose contents are asked for: the whole platform if the text is empty. */
    private static Place parent(AdminMessages now, String field, String text, Place.Level... levels) {
        if (text.isEmpty()) {
            return Place.GLOBAL;
        }
        var parent = parse(field, text, levels);
        if (!now.knows(parent)) {
            throw notFound(parent);
        }
        return parent;
    }

    private static Place parse(String field, String text, Place.Level... levels) {
        Place place;
        try {
            place = Place.parse(text);
        } catch (IllegalArgumentException e) {
            throw invalid(field + ": " + e.getMessage());
        }
        if (!Set.of(levels).contains(place.level())) {
            throw invalid(field + ": \"" + text + "\" is not " + expected(List.of(levels)));
        }
        return place;
    }

    private static String expected(List<Place.Level> levels) {
        return String.join(" or ", levels.stream().map(AdminService::example).toList());
    }

    private static String example(Place.Level level) {
        return switch (level) {
            case GLOBAL -> "the whole platform, \"global\"";
            case REGION -> "a region such as \"us-east\"";
            case ZONE -> "a zone such as \"us-east/a\"";
            case NODE -> "a node such as \"us-east/a/1\"";
        };
    }

    private static String topic(String text) {
        try {
            TopicName.check(text);
            return text;
        } catch (InvalidTopicException e) {
            throw invalid("topic: " + e.getMessage());
        }
    }

    private static Qos qos(int value) {
        try {
            return Qos.of(value);
        } catch (IllegalArgumentException e) {
            throw invalid("qos: " + e.getMessage());
        }
    }

    private static StatusRuntimeException invalid(String description) {
        return Status.INVALID_ARGUMENT.withDescription(description).asRuntimeException();
    }

    private static StatusRuntimeException notFound(Place place) {
        return Status.NOT_FOUND
                .withDescription("nobody is registered as " + place + ", or it has not reported for 10 s")
                .asRuntimeException();
    }

    private static <T> void answer(StreamObserver<T> observer, Supplier<T> answer) {
        T message;
        try {
            message = answer.get();
        } catch (StatusRuntimeException e) {
            observer.onError(e);
            return;
        }
        observer.onNext(message);
        observer.onCompleted();
    }
}
