package io.meridianmq.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.Timestamp;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
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
import io.meridianmq.proto.admin.v1.SettingKey;
import io.meridianmq.proto.admin.v1.SettingsGrpc;
import io.meridianmq.proto.admin.v1.SettingsVersion;
import io.meridianmq.proto.admin.v1.UpdateSettingsRequest;
import io.meridianmq.proto.admin.v1.WatchSettingsRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** topics and config against a server that answers as it is told. */
class SettingsCommandsTest {

    private static final SettingsVersion THIRD = SettingsVersion.newBuilder()
            .setVersion(3)
            .putValues("session.queued-bytes-max", "4MB")
            .putValues("cross-region", "listed")
            .addTopics(GlobalTopic.newBuilder().setFilter("plant/#"))
            .setWrittenAt(Timestamp.newBuilder()
                    .setSeconds(Instant.parse("2026-11-22T12:00:00Z").getEpochSecond()))
            .setAuthor("ann")
            .setComment("audit")
            .setChange("sets cross-region to listed")
            .build();

    private final ScriptedSettings settings = new ScriptedSettings();
    private final Server server = NettyServerBuilder.forAddress(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), InsecureServerCredentials.create())
            .addService(settings)
            .build();
    private final PrintStream usualOut = System.out;
    private final PrintStream usualErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void start() throws IOException {
        server.start();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() {
        System.setOut(usualOut);
        System.setErr(usualErr);
        server.shutdownNow();
    }

    @Test
    void configGetShowsWhatIsSetAndWhoLags() {
        assertThat(execute("config", "get")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("""
                version 3, by ann at 2026-11-22T12:00:00Z: sets cross-region to listed (audit)

                KEY                       VALUE
                cross-region              listed
                session.queued-bytes-max  4MB

                1 global topics (meridian topics list)
                12 of 14 components follow this version; not yet: us-east/a/1 (version 2), us-east/b (has not reported)
                """);
    }

    @Test
    void configGetPrintsOneValueForAScript() {
        assertThat(execute("config", "get", "cross-region")).isZero();
        assertThat(printed()).isEqualTo("listed\n");
        assertThat(execute("config", "get", "limits.connections")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("limits.connections is not set for the platform");
    }

    @Test
    void jsonHasEverything() {
        assertThat(execute("config", "get", "--json")).isZero();
        var object = JsonParser.parseString(printed()).getAsJsonObject();
        assertThat(object.get("version").getAsLong()).isEqualTo(3);
        assertThat(object.getAsJsonObject("values").get("cross-region").getAsString())
                .isEqualTo("listed");
        assertThat(object.getAsJsonArray("topics")).hasSize(1);
        assertThat(object.getAsJsonArray("behind")).hasSize(2);
        for (var command : List.of(
                List.of("config", "keys", "--json"),
                List.of("config", "history", "--json"),
                List.of("config", "put", "cross-region=listed", "--json"),
                List.of("config", "rollback", "1", "--json"),
                List.of("topics", "list", "--json"),
                List.of("topics", "add", "a", "--json"),
                List.of("topics", "remove", "a", "--json"))) {
            out.reset();
            assertThat(execute(command.toArray(String[]::new)))
                    .as("%s", command)
                    .isZero();
            assertThat(JsonParser.parseString(printed()).isJsonNull()).isFalse();
        }
    }

    @Test
    void configPutSendsWhatItWasGiven() {
        assertThat(execute(
                        "config",
                        "put",
                        "cross-region=listed",
                        "session.expiry-max=7d",
                        "--unset",
                        "limits.connections,subscribe.visibility",
                        "--expect",
                        "2",
                        "--author",
                        "ann",
                        "-m",
                        "audit"))
                .isZero();
        assertThat(settings.request)
                .isEqualTo(UpdateSettingsRequest.newBuilder()
                        .putSet("cross-region", "listed")
                        .putSet("session.expiry-max", "7d")
                        .addUnset("limits.connections")
                        .addUnset("subscribe.visibility")
                        .setExpectedVersion(2)
                        .setAuthor("ann")
                        .setComment("audit")
                        .build());
        assertThat(printed()).isEqualTo("version 3 is in force: sets cross-region to listed\n");
    }

    @Test
    void theAuthorIsTheUserUnlessNamed() {
        execute("config", "put", "cross-region=listed");
        assertThat(((UpdateSettingsRequest) settings.request).getAuthor()).isEqualTo(System.getProperty("user.name"));
        assertThat(((UpdateSettingsRequest) settings.request).hasExpectedVersion())
                .isFalse();
    }

    @Test
    void whatIsNoAssignmentIsWrongUsage() {
        assertThat(execute("config", "put", "listed")).isEqualTo(2);
        assertThat(execute("config")).isEqualTo(2);
        assertThat(execute("config", "rollback", "soon")).isEqualTo(2);
    }

    @Test
    void refusalsAreToldInOneLineWithTheCommand() {
        settings.refusal = Status.ABORTED.withDescription("version 2 was expected, but version 3 is in force");
        assertThat(execute("config", "put", "cross-region=listed", "--expect", "2"))
                .isEqualTo(1);
        settings.refusal = Status.INVALID_ARGUMENT.withDescription("there is no setting \"x\"");
        assertThat(execute("config", "put", "x=1")).isEqualTo(2);
        settings.refusal = Status.ALREADY_EXISTS.withDescription("there is a global topic a already");
        assertThat(execute("topics", "add", "a")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("""
                meridian config put: version 2 was expected, but version 3 is in force
                meridian config put: there is no setting "x"
                meridian topics add: there is a global topic a already
                """);
    }

    @Test
    void historyAndRollback() {
        assertThat(execute("config", "history")).isZero();
        assertThat(printed()).isEqualTo("""
                VERSION  WHEN                  BY   CHANGE                       COMMENT
                3        2026-11-22T12:00:00Z  ann  sets cross-region to listed  audit
                """);
        assertThat(execute("config", "rollback", "1", "--expect", "3")).isZero();
        var request = (RollBackSettingsRequest) settings.request;
        assertThat(request.getVersion()).isEqualTo(1);
        assertThat(request.getExpectedVersion()).isEqualTo(3);
    }

    @Test
    void watchPrintsEachVersionInALine() {
        assertThat(execute("config", "watch")).isEqualTo(1);
        assertThat(printed()).isEqualTo("""
                version 0: nothing is set yet
                version 3, by ann at 2026-11-22T12:00:00Z: sets cross-region to listed (audit)
                """);
        out.reset();
        execute("config", "watch", "--json");
        assertThat(printed().lines())
                .hasSize(2)
                .allMatch(line -> JsonParser.parseString(line).isJsonObject());
    }

    @Test
    void topicsAreAddedListedAndRemoved() {
        assertThat(execute("topics", "add", "plant/+/temp", "--from", "us-east,eu-west", "--to", "ap-south"))
                .isZero();
        var created = ((CreateGlobalTopicRequest) settings.request).getTopic();
        assertThat(created.getFilter()).isEqualTo("plant/+/temp");
        assertThat(created.getFromList()).containsExactly("us-east", "eu-west");
        assertThat(created.getToList()).containsExactly("ap-south");
        assertThat(printed()).isEqualTo("plant/+/temp is a global topic\n");

        out.reset();
        assertThat(execute("topics", "list")).isZero();
        assertThat(printed()).isEqualTo("""
                FILTER   FROM     TO
                alarm/#  us-east  all
                plant/#  all      all

                cross-region is listed: nothing else leaves its region
                """);

        assertThat(execute("topics", "remove", "plant/#")).isZero();
        assertThat(((DeleteGlobalTopicRequest) settings.request).getFilter()).isEqualTo("plant/#");
    }

    private int execute(String... arguments) {
        var line = new ArrayList<>(List.of(arguments));
        line.addAll(List.of("--admin", "127.0.0.1:" + server.getPort()));
        return Main.commandLine().execute(line.toArray(String[]::new));
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private static final class ScriptedSettings extends SettingsGrpc.SettingsImplBase {

        volatile MessageOrBuilder request = GetSettingsRequest.getDefaultInstance();
        volatile Status refusal = Status.OK;

        @Override
        public void getSettings(GetSettingsRequest request, StreamObserver<GetSettingsResponse> observer) {
            answer(
                    request,
                    GetSettingsResponse.newBuilder()
                            .setVersion(THIRD)
                            .setInForce(3)
                            .setComponents(14)
                            .addBehind(Follower.newBuilder()
                                    .setPlace("us-east/a/1")
                                    .setVersion(2))
                            .addBehind(Follower.newBuilder().setPlace("us-east/b"))
                            .build(),
                    observer);
        }

        @Override
        public void listSettingKeys(ListSettingKeysRequest request, StreamObserver<ListSettingKeysResponse> observer) {
            answer(
                    request,
                    ListSettingKeysResponse.newBuilder()
                            .addKeys(SettingKey.newBuilder().setName("cross-region"))
                            .build(),
                    observer);
        }

        @Override
        public void updateSettings(UpdateSettingsRequest request, StreamObserver<SettingsVersion> observer) {
            answer(request, THIRD, observer);
        }

        @Override
        public void listSettingsVersions(
                ListSettingsVersionsRequest request, StreamObserver<ListSettingsVersionsResponse> observer) {
            answer(
                    request,
                    ListSettingsVersionsResponse.newBuilder().addVersions(THIRD).build(),
                    observer);
        }

        @Override
        public void rollBackSettings(RollBackSettingsRequest request, StreamObserver<SettingsVersion> observer) {
            answer(request, THIRD, observer);
        }

        @Override
        public void watchSettings(WatchSettingsRequest request, StreamObserver<SettingsVersion> observer) {
            observer.onNext(
                    SettingsVersion.newBuilder().setChange("nothing is set yet").build());
            answer(request, THIRD, observer);
        }

        @Override
        public void createGlobalTopic(CreateGlobalTopicRequest request, StreamObserver<GlobalTopic> observer) {
            answer(request, request.getTopic(), observer);
        }

        @Override
        public void listGlobalTopics(
                ListGlobalTopicsRequest request, StreamObserver<ListGlobalTopicsResponse> observer) {
            answer(
                    request,
                    ListGlobalTopicsResponse.newBuilder()
                            .setListedOnly(true)
                            .addTopics(GlobalTopic.newBuilder()
                                    .setFilter("alarm/#")
                                    .addFrom("us-east"))
                            .addTopics(GlobalTopic.newBuilder().setFilter("plant/#"))
                            .build(),
                    observer);
        }

        @Override
        public void deleteGlobalTopic(DeleteGlobalTopicRequest request, StreamObserver<SettingsVersion> observer) {
            answer(request, THIRD, observer);
        }

        private <T> void answer(MessageOrBuilder asked, T message, StreamObserver<T> observer) {
            request = asked;
            if (!refusal.isOk()) {
                observer.onError(refusal.asRuntimeException());
                return;
            }
            observer.onNext(message);
            observer.onCompleted();
        }
    }
}
