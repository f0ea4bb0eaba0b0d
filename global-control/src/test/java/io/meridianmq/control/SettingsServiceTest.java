package io.meridianmq.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.Context;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.meridianmq.core.settings.PlatformSettings;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.directory.EtcdServer;
import io.meridianmq.fabric.settings.SettingKey;
import io.meridianmq.proto.admin.v1.CreateGlobalTopicRequest;
import io.meridianmq.proto.admin.v1.DeleteGlobalTopicRequest;
import io.meridianmq.proto.admin.v1.Follower;
import io.meridianmq.proto.admin.v1.GetSettingsRequest;
import io.meridianmq.proto.admin.v1.GlobalTopic;
import io.meridianmq.proto.admin.v1.ListGlobalTopicsRequest;
import io.meridianmq.proto.admin.v1.ListSettingKeysRequest;
import io.meridianmq.proto.admin.v1.ListSettingsVersionsRequest;
import io.meridianmq.proto.admin.v1.RollBackSettingsRequest;
import io.meridianmq.proto.admin.v1.SettingsGrpc;
import io.meridianmq.proto.admin.v1.SettingsVersion;
import io.meridianmq.proto.admin.v1.UpdateSettingsRequest;
import io.meridianmq.proto.admin.v1.WatchSettingsRequest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The settings over a socket, in a real etcd, with a platform of real meshes that may follow them. */
@Tag("server")
class SettingsServiceTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final EtcdServer etcd;
    private final SmallPlatform platform = new SmallPlatform();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final FollowedSettings settings;
    private final AdminServer server;
    private final ManagedChannel channel;
    private final SettingsGrpc.SettingsBlockingStub admin;

    SettingsServiceTest(@TempDir Path folder) {
        etcd = EtcdServer.started(folder.resolve("etcd"));
        settings = new FollowedSettings(List.of(etcd.address()), InstantSource.fixed(NOW));
        var service = new SettingsService(settings.store(), settings::latest, platform.platform()::components);
        service.bindTo(meters);
        server = AdminServer.start(new AdminConfig(new HostPort("127.0.0.1", 0), Optional.empty()), List.of(service));
        channel = NettyChannelBuilder.forAddress(
                        "127.0.0.1", server.address().port(), InsecureChannelCredentials.create())
                .build();
        admin = SettingsGrpc.newBlockingStub(channel).withDeadlineAfter(240, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.close();
        settings.close();
        platform.close();
        etcd.close();
    }

    @Test
    void whatIsSetIsInForceUntilItIsUnset() {
        assertThat(inForce().getVersion()).isZero();
        assertThat(inForce().hasWrittenAt()).isFalse();

        var first = admin.updateSettings(UpdateSettingsRequest.newBuilder()
                .putSet("session.queued-bytes-max", "4096KB")
                .putSet("subscribe.visibility", "local")
                .setAuthor("ann")
                .setComment("less memory")
                .build());
        assertThat(first.getVersion()).isEqualTo(1);
        assertThat(first.getValuesMap())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("session.queued-bytes-max", "4MB", "subscribe.visibility", "local"));
        assertThat(first.getAuthor()).isEqualTo("ann");
        assertThat(first.getComment()).isEqualTo("less memory");
        assertThat(first.getChange())
                .isEqualTo("sets session.queued-bytes-max to 4MB, sets subscribe.visibility to local");
        assertThat(first.getWrittenAt().getSeconds()).isEqualTo(NOW.getEpochSecond());
        assertThat(inForce()).isEqualTo(first);

        var second = admin.updateSettings(UpdateSettingsRequest.newBuilder()
                .addUnset("subscribe.visibility")
                .setExpectedVersion(1)
                .build());
        assertThat(second.getValuesMap()).containsOnlyKeys("session.queued-bytes-max");
        assertThat(second.getAuthor()).isEqualTo("unknown");
        assertThat(inForce()).isEqualTo(second);
    }

    @Test
    void whatChangesNothingMakesNoVersion() {
        set("subscribe.visibility", "local");
        assertThat(set("subscribe.visibility", "local").getVersion()).isEqualTo(1);
        assertThat(admin.updateSettings(UpdateSettingsRequest.newBuilder()
                                .addUnset("limits.connections")
                                .build())
                        .getVersion())
                .isEqualTo(1);
    }

    @Test
    void badKeysAndValuesAreRefusedWithThoseThatAreValid() {
        refused(
                Status.Code.INVALID_ARGUMENT,
                "there is no setting \"session.queue\" for the whole platform, there are cross-region, subscribe.visibility",
                () -> set("session.queue", "1"));
        refused(
                Status.Code.INVALID_ARGUMENT,
                "cross-region: \"off\" is not one of interest, listed; allowed: interest or listed",
                () -> set("cross-region", "off"));
        refused(
                Status.Code.INVALID_ARGUMENT,
                "nothing to change",
                () -> admin.updateSettings(UpdateSettingsRequest.getDefaultInstance()));
        refused(
                Status.Code.INVALID_ARGUMENT,
                "cross-region is set and unset at once",
                () -> admin.updateSettings(UpdateSettingsRequest.newBuilder()
                        .putSet("cross-region", "listed")
                        .addUnset("cross-region")
                        .build()));
        refused(
                Status.Code.INVALID_ARGUMENT,
                "comment: 1025 characters are too many",
                () -> admin.updateSettings(UpdateSettingsRequest.newBuilder()
                        .putSet("cross-region", "listed")
                        .setComment("x".repeat(1025))
                        .build()));
        assertThat(inForce().getVersion()).isZero();
    }

    @Test
    void aStaleVersionIsRefusedAndNamesTheOneInForce() {
        set("cross-region", "listed");
        refused(
                Status.Code.ABORTED,
                "version 0 of the settings was expected, but version 1 is in force, by unknown: sets cross-region to"
                        + " listed: look at it, and try again",
                () -> admin.updateSettings(UpdateSettingsRequest.newBuilder()
                        .putSet("cross-region", "interest")
                        .setExpectedVersion(0)
                        .build()));
        assertThat(inForce().getVersion()).isEqualTo(1);
        assertThat(meters.get("meridian.control.settings.refused")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void rollingBackBringsBackAllOfAVersion() {
        set("limits.connections", "10");
        add(GlobalTopic.newBuilder().setFilter("plant/#").build());
        set("limits.connections", "20");
        admin.deleteGlobalTopic(
                DeleteGlobalTopicRequest.newBuilder().setFilter("plant/#").build());

        var back = admin.rollBackSettings(RollBackSettingsRequest.newBuilder()
                .setVersion(2)
                .setExpectedVersion(4)
                .build());

        assertThat(back.getVersion()).isEqualTo(5);
        assertThat(back.getChange()).isEqualTo("goes back to version 2");
        assertThat(back.getValuesMap()).containsExactly(Map.entry("limits.connections", "10"));
        assertThat(back.getTopicsList()).extracting(GlobalTopic::getFilter).containsExactly("plant/#");
        assertThat(admin.listSettingsVersions(ListSettingsVersionsRequest.getDefaultInstance())
                        .getVersionsList())
                .extracting(version -> version.getVersion() + " " + version.getChange())
                .containsExactly(
                        "5 goes back to version 2",
                        "4 removes the global topic plant/#",
                        "3 sets limits.connections to 20",
                        "2 adds the global topic plant/#",
                        "1 sets limits.connections to 10");
        assertThat(get(3).getValuesMap()).containsEntry("limits.connections", "20");
        assertThat(admin.rollBackSettings(RollBackSettingsRequest.newBuilder()
                                .setVersion(0)
                                .build())
                        .getValuesMap())
                .isEmpty();
        refused(Status.Code.NOT_FOUND, "version 77 of the settings is not kept: the last 100 are", () -> get(77));
    }

    @Test
    void globalTopicsAreAddedListedAndRemoved() {
        var plant = GlobalTopic.newBuilder()
                .setFilter("plant/+/temp")
                .addFrom("us-east")
                .addTo("eu-west")
                .build();
        assertThat(add(plant)).isEqualTo(plant);
        add(GlobalTopic.newBuilder().setFilter("alarm/#").build());

        var listed = admin.listGlobalTopics(ListGlobalTopicsRequest.getDefaultInstance());
        assertThat(listed.getTopicsList())
                .extracting(GlobalTopic::getFilter)
                .containsExactly("alarm/#", "plant/+/temp");
        assertThat(listed.getListedOnly()).isFalse();
        set("cross-region", "listed");
        assertThat(admin.listGlobalTopics(ListGlobalTopicsRequest.getDefaultInstance())
                        .getListedOnly())
                .isTrue();

        refused(Status.Code.ALREADY_EXISTS, "there is a global topic plant/+/temp already", () -> add(plant));
        refused(
                Status.Code.INVALID_ARGUMENT,
                "topic: ",
                () -> add(GlobalTopic.newBuilder().setFilter("plant/#/temp").build()));
        refused(
                Status.Code.INVALID_ARGUMENT,
                "from: \"us-east/a\" is not a region",
                () -> add(plant.toBuilder().clearFrom().addFrom("us-east/a").build()));
        admin.deleteGlobalTopic(
                DeleteGlobalTopicRequest.newBuilder().setFilter("plant/+/temp").build());
        refused(
                Status.Code.NOT_FOUND,
                "there is no global topic plant/+/temp",
                () -> admin.deleteGlobalTopic(DeleteGlobalTopicRequest.newBuilder()
                        .setFilter("plant/+/temp")
                        .build()));
    }

    @Test
    void watchersGetEachVersion() {
        var seen = new CopyOnWriteArrayList<Long>();
        var watching = Context.current().withCancellation();
        Thread.ofVirtual()
                .start(watching.wrap(() -> admin.watchSettings(WatchSettingsRequest.getDefaultInstance())
                        .forEachRemaining(version -> seen.add(version.getVersion()))));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(seen).containsExactly(0L));
        set("cross-region", "listed");
        await().atMost(LIMIT).untilAsserted(() -> assertThat(seen).containsExactly(0L, 1L));
        watching.cancel(null);
    }

    @Test
    void tellsWhoDoesNotFollowTheVersionInForceYet() {
        set("cross-region", "listed");
        var before = admin.getSettings(GetSettingsRequest.getDefaultInstance());
        assertThat(before.getComponents()).isEqualTo(14);
        assertThat(before.getBehindCount()).isEqualTo(14);

        platform.settings("us-east", PlatformSettings.NONE.at(1));
        await().atMost(LIMIT).untilAsserted(() -> {
            platform.report();
            assertThat(admin.getSettings(GetSettingsRequest.getDefaultInstance())
                            .getBehindList())
                    .isEmpty();
        });
        platform.settings("eu-west", PlatformSettings.NONE.at(9));
        await().atMost(LIMIT).untilAsserted(() -> {
            platform.report();
            assertThat(admin.getSettings(GetSettingsRequest.getDefaultInstance())
                            .getBehindList())
                    .hasSize(14)
                    .extracting(Follower::getVersion)
                    .containsOnly(9L);
        });
        // An etcd that lost its data does not keep the platform from taking what is set from then on.
        assertThat(set("limits.connections", "10").getVersion()).isEqualTo(10);
    }

    @Test
    void listsEveryKey() {
        assertThat(admin.listSettingKeys(ListSettingKeysRequest.getDefaultInstance())
                        .getKeysList())
                .hasSameSizeAs(SettingKey.ALL)
                .allSatisfy(key -> assertThat(List.of(key.getName(), key.getAllowed(), key.getDescription()))
                        .doesNotContain(""));
    }

    @Test
    void withoutEtcdCallsAreUnavailable() {
        etcd.kill();
        refused(Status.Code.UNAVAILABLE, "the global etcd", this::inForce);
        refused(Status.Code.UNAVAILABLE, "the global etcd", () -> set("cross-region", "listed"));
    }

    private SettingsVersion inForce() {
        return admin.getSettings(GetSettingsRequest.getDefaultInstance()).getVersion();
    }

    private SettingsVersion get(long version) {
        return admin.getSettings(
                        GetSettingsRequest.newBuilder().setVersion(version).build())
                .getVersion();
    }

    private SettingsVersion set(String key, String value) {
        return admin.updateSettings(
                UpdateSettingsRequest.newBuilder().putSet(key, value).build());
    }

    private GlobalTopic add(GlobalTopic topic) {
        return admin.createGlobalTopic(
                CreateGlobalTopicRequest.newBuilder().setTopic(topic).build());
    }

    private static void refused(Status.Code code, String description, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
            assertThat(e.getStatus().getCode()).isEqualTo(code);
            assertThat(e.getStatus().getDescription()).contains(description);
        });
    }
}
