package io.meridianmq.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.meridianmq.proto.admin.v1.Component;
import io.meridianmq.proto.admin.v1.ExplainRequest;
import io.meridianmq.proto.admin.v1.ExplainResponse;
import io.meridianmq.proto.admin.v1.Hop;
import io.meridianmq.proto.admin.v1.PlatformGrpc;
import io.meridianmq.proto.admin.v1.Region;
import io.meridianmq.proto.admin.v1.Unanswered;
import io.meridianmq.proto.admin.v1.WatchPlatformRequest;
import io.meridianmq.proto.admin.v1.WatchPlatformResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** topology and explain against a server that answers as it is told. */
class AdminCommandsTest {

    private final ScriptedPlatform platform = new ScriptedPlatform();
    private final Server server = NettyServerBuilder.forAddress(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), InsecureServerCredentials.create())
            .addService(platform)
            .build();
    private int port;
    private final PrintStream usualOut = System.out;
    private final PrintStream usualErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void start() throws IOException {
        server.start();
        port = server.getPort();
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
    void topologyShowsWhatGlobalControlTells() {
        assertThat(execute("topology")).isZero();
        assertThat(text(out)).contains("us-east", "live");
        assertThat(execute("topology", "--json")).isZero();
        assertThat(text(out)).contains("\"place\": \"us-east\"");
    }

    @Test
    void explainAsksWithWhatItWasGiven() {
        platform.answer = ExplainResponse.newBuilder()
                .addHops(Hop.newBuilder()
                        .setAt("us-east/a/1")
                        .setDestination("us-east/a/2")
                        .setNextHop("us-east/a/2")
                        .setReason("filter plant/#"))
                .build();

        assertThat(execute("explain", "plant/7/temp", "--from", "us-east/a/1", "-q", "2"))
                .isZero();
        assertThat(text(out)).contains("us-east/a/2", "filter plant/#");
        assertThat(platform.request)
                .isEqualTo(ExplainRequest.newBuilder()
                        .setTopic("plant/7/temp")
                        .setFrom("us-east/a/1")
                        .setQos(2)
                        .build());
    }

    @Test
    void anIncompleteExplanationExitsWith1() {
        platform.answer = ExplainResponse.newBuilder()
                .addUnanswered(Unanswered.newBuilder().setPlace("eu-west").setReason("too late"))
                .build();
        assertThat(execute("explain", "a", "--from", "us-east/a/1", "--json")).isEqualTo(1);
    }

    @Test
    void refusalsAreToldInOneLine() {
        platform.refusal = Status.INVALID_ARGUMENT.withDescription("from: \"x y\" is not a place");
        assertThat(execute("explain", "a", "--from", "x y")).isEqualTo(2);
        platform.refusal = Status.NOT_FOUND.withDescription("nobody is registered as us-east/c/1");
        assertThat(execute("explain", "a", "--from", "us-east/c/1")).isEqualTo(1);
        platform.refusal = Status.UNAVAILABLE.withDescription("us-east/a/1: did not answer in time");
        assertThat(execute("explain", "a", "--from", "us-east/a/1")).isEqualTo(1);

        assertThat(text(err)).isEqualTo("""
                meridian: explain: from: "x y" is not a place
                meridian: explain: nobody is registered as us-east/c/1
                meridian: explain: us-east/a/1: did not answer in time
                """);
    }

    @Test
    void withoutGlobalControlTheUserLearnsWhatToDo() {
        server.shutdownNow();

        assertThat(execute("topology")).isEqualTo(1);
        assertThat(text(err))
                .contains("meridian: topology: cannot reach global-control at 127.0.0.1:", "./meridian status");
    }

    private int execute(String... arguments) {
        var line = new ArrayList<>(List.of(arguments));
        line.addAll(List.of("--admin", "127.0.0.1:" + port));
        return Main.commandLine().execute(line.toArray(String[]::new));
    }

    private static String text(ByteArrayOutputStream printed) {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static final class ScriptedPlatform extends PlatformGrpc.PlatformImplBase {

        volatile ExplainRequest request = ExplainRequest.getDefaultInstance();
        volatile ExplainResponse answer = ExplainResponse.getDefaultInstance();
        volatile Status refusal = Status.OK;

        @Override
        public void watchPlatform(WatchPlatformRequest request, StreamObserver<WatchPlatformResponse> observer) {
            var gateway = Component.newBuilder().setPlace("us-east").setState(Component.State.STATE_LIVE);
            observer.onNext(WatchPlatformResponse.newBuilder()
                    .addRegions(Region.newBuilder().setGateway(gateway))
                    .build());
        }

        @Override
        public void explain(ExplainRequest request, StreamObserver<ExplainResponse> observer) {
            this.request = request;
            if (!refusal.isOk()) {
                observer.onError(refusal.asRuntimeException());
                return;
            }
            observer.onNext(answer);
            observer.onCompleted();
        }
    }
}
