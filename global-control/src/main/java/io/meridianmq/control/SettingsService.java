package io.meridianmq.control;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.meridianmq.core.mesh.KnownComponent;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.settings.CrossRegion;
import io.meridianmq.fabric.settings.SettingKey;
import io.meridianmq.fabric.settings.SettingsStore;
import io.meridianmq.fabric.settings.StaleVersionException;
import io.meridianmq.fabric.tls.OnceAnHour;
import io.meridianmq.proto.admin.v1.CreateGlobalTopicRequest;
import io.meridianmq.proto.admin.v1.DeleteGlobalTopicRequest;
import io.meridianmq.proto.admin.v1.Follower;
import io.meridianmq.proto.admin.v1.GetSettingsRequest;
import io.meridianmq.proto.admin.v1.GetSettingsResponse;
import io.meridianmq.proto.admin.v1.GlobalTopic;
import io.meridianmq.proto.admin.v1.ListGlobalTopicsRequest;
import io.meridianmq.proto.admin.v1.ListGlobalTopicsResponse;
import io.meridianmq.proto.admin.v1.ListSettingKeysRequest;
import io.meridianmq.proto.admin.v1.ListSettingKeysResponse;
import io.meridianmq.proto.admin.v1.ListSettingsVersionsRequest;
import io.meridianmq.proto.admin.v1.ListSettingsVersionsResponse;
import io.meridianmq.proto.admin.v1.RollBackSettingsRequest;
import io.meridianmq.proto.admin.v1.SettingsGrpc;
import io.meridianmq.proto.admin.v1.SettingsVersion;
import io.meridianmq.proto.admin.v1.UpdateSettingsRequest;
import io.meridianmq.proto.admin.v1.WatchSettingsRequest;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The settings of the platform. Calls come on threads that may block, and each watcher gets one of its own. */
final class SettingsService extends SettingsGrpc.SettingsImplBase {

    /** What every component reports of the version that it goes by. */
    static final String VERSION_FIGURE = "meridian_settings_version";

    private static final Logger log = LoggerFactory.getLogger(SettingsService.class);

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final int AUTHOR_CHARS_MAX = 256;
    private static final int COMMENT_CHARS_MAX = 1_024;
    private static final long NONE_SENT = -1;

    private final SettingsStore store;
    private final Supplier<io.meridianmq.fabric.settings.SettingsVersion> followed;
    private final Supplier<SortedMap<Place, KnownComponent>> components;
    private final SettingsDesk desk;
    private final Watchers<SettingsVersion> watchers = new Watchers<>(LOOK_EVERY);
    private final OnceAnHour news = new OnceAnHour();
    private final LongAdder refused = new LongAdder();

    /**
     * The service in front of a store.
     *
     * @param followed what is in force as far as has been heard, for those who watch
     * @param components every component that is known
     */
    SettingsService(
            SettingsStore store,
            Supplier<io.meridianmq.fabric.settings.SettingsVersion> followed,
            Supplier<SortedMap<Place, KnownComponent>> components) {
        this.store = store;
        this.followed = followed;
        this.components = components;
        this.desk = new SettingsDesk(store, this::highestKnown);
    }

    /** Counts in meters which changes are refused. */
    void bindTo(MeterRegistry registry) {
        FunctionCounter.builder("meridian.control.settings.refused", refused, LongAdder::sum)
                .description("Changes of settings and global topics that were refused")
                .register(registry);
    }

    @Override
    public void getSettings(GetSettingsRequest request, StreamObserver<GetSettingsResponse> observer) {
        Requests.answer(observer, () -> {
            var inForce = store.inForce();
            var asked = request.hasVersion() ? desk.version(request.getVersion()) : inForce;
            var response = GetSettingsResponse.newBuilder()
                    .setVersion(SettingsMessages.whole(asked))
                    .setInForce(inForce.number());
            followers().forEach((place, version) -> {
                response.setComponents(response.getComponents() + 1);
                if (version.orElse(NONE_SENT) != inForce.number()) {
                    var follower = Follower.newBuilder().setPlace(place.toString());
                    version.ifPresent(follower::setVersion);
                    response.addBehind(follower);
                }
            });
            return response.build();
        });
    }

    @Override
    public void listSettingKeys(ListSettingKeysRequest request, StreamObserver<ListSettingKeysResponse> observer) {
        Requests.answer(observer, () -> {
            var response = ListSettingKeysResponse.newBuilder();
            for (var key : SettingKey.ALL) {
                response.addKeys(io.meridianmq.proto.admin.v1.SettingKey.newBuilder()
                        .setName(key.name())
                        .setAllowed(key.allowed())
                        .setDescription(key.description()));
            }
            return response.build();
        });
    }

    @Override
    public void updateSettings(UpdateSettingsRequest request, StreamObserver<SettingsVersion> observer) {
        change(
                observer,
                () -> SettingsMessages.whole(desk.update(
                        order(
                                request.hasExpectedVersion(),
                                request.getExpectedVersion(),
                                request.getAuthor(),
                                request.getComment()),
                        request.getSetMap(),
                        request.getUnsetList())));
    }

    @Override
    public void listSettingsVersions(
            ListSettingsVersionsRequest request, StreamObserver<ListSettingsVersionsResponse> observer) {
        Requests.answer(
                observer,
                () -> ListSettingsVersionsResponse.newBuilder()
                        .addAllVersions(store.history().stream()
                                .map(SettingsMessages::head)
                                .toList())
                        .build());
    }

    @Override
    public void rollBackSettings(RollBackSettingsRequest request, StreamObserver<SettingsVersion> observer) {
        change(
                observer,
                () -> SettingsMessages.whole(desk.rollBack(
                        order(
                                request.hasExpectedVersion(),
                                request.getExpectedVersion(),
                                request.getAuthor(),
                                request.getComment()),
                        request.getVersion())));
    }

    @Override
    public void watchSettings(WatchSettingsRequest request, StreamObserver<SettingsVersion> observer) {
        var sent = new AtomicLong(NONE_SENT);
        watchers.add(observer, () -> {
            var now = followed.get();
            return now.number() == sent.getAndSet(now.number())
                    ? Optional.empty()
                    : Optional.of(SettingsMessages.whole(now));
        });
    }

    @Override
    public void createGlobalTopic(CreateGlobalTopicRequest request, StreamObserver<GlobalTopic> observer) {
        change(observer, () -> {
            var topic = SettingsMessages.topic(request.getTopic());
            var _ = desk.addTopic(
                    order(
                            request.hasExpectedVersion(),
                            request.getExpectedVersion(),
                            request.getAuthor(),
                            request.getComment()),
                    topic);
            return SettingsMessages.topic(topic);
        });
    }

    @Override
    public void listGlobalTopics(ListGlobalTopicsRequest request, StreamObserver<ListGlobalTopicsResponse> observer) {
        Requests.answer(observer, () -> {
            var settings = store.inForce().settings();
            return ListGlobalTopicsResponse.newBuilder()
                    .addAllTopics(settings.topics().values().stream()
                            .map(SettingsMessages::topic)
                            .toList())
                    .setListedOnly(!CrossRegion.of(settings).isOpen())
                    .setVersion(settings.version())
                    .build();
        });
    }

    @Override
    public void deleteGlobalTopic(DeleteGlobalTopicRequest request, StreamObserver<SettingsVersion> observer) {
        change(
                observer,
                () -> SettingsMessages.whole(desk.removeTopic(
                        order(
                                request.hasExpectedVersion(),
                                request.getExpectedVersion(),
                                request.getAuthor(),
                                request.getComment()),
                        request.getFilter())));
    }

    /** Answers a change. One that is refused is counted, and logged once an hour for each cause. */
    private <T> void change(StreamObserver<T> observer, Requests.Work<T> work) {
        Requests.answer(observer, () -> {
            try {
                return work.done();
            } catch (StatusRuntimeException | StaleVersionException e) {
                refused.increment();
                if (news.isNews(String.valueOf(e.getMessage()))) {
                    log.warn(
                            "a change of the settings is refused: {} (said once an hour, counted each time)",
                            Audit.printable(String.valueOf(e.getMessage())));
                }
                throw e;
            }
        });
    }

    private static SettingsDesk.Order order(boolean expects, long expected, String author, String comment) {
        var name = OperatorsOnly.caller().orElse(author);
        return new SettingsDesk.Order(
                expects ? OptionalLong.of(expected) : OptionalLong.empty(),
                Requests.text("author", name.isBlank() ? "unknown" : name, AUTHOR_CHARS_MAX),
                Requests.text("comment", comment, COMMENT_CHARS_MAX));
    }

    /** The version that each component but global-control goes by; empty for one that has not said so. */
    private SortedMap<Place, Optional<Long>> followers() {
        var followers = new TreeMap<Place, Optional<Long>>();
        components.get().forEach((place, component) -> {
            if (place.level() != Place.Level.GLOBAL) {
                followers.put(
                        place,
                        component
                                .live()
                                .flatMap(live ->
                                        Optional.ofNullable(live.figures().get(VERSION_FIGURE)))
                                .map(Double::longValue));
            }
        });
        return followers;
    }

    private long highestKnown() {
        return followers().values().stream()
                .mapToLong(version -> version.orElse(0L))
                .max()
                .orElse(0);
    }
}
