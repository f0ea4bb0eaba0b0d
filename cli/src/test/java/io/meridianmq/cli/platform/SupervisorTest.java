package io.meridianmq.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meridianmq.cli.platform.PlatformState.Started;
import io.meridianmq.cli.platform.Programs.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real etcd, HAProxy and JVM processes; only Meridian's own main classes are toys. */
@Tag("server")
class SupervisorTest {

    private static final Duration READY_WITHIN = Duration.ofMinutes(2);

    @TempDir
    private Path temporary = Path.of("");

    private DataFolder folder = DataFolder.standard();
    private Layout layout = Layout.of(Shape.DEFAULT, RunningEtcd.NONE);
    private Shape shape = Shape.DEFAULT;
    private final List<String> progress = new CopyOnWriteArrayList<>();
    private Optional<Supervisor> supervisor = Optional.empty();

    @BeforeEach
    void prepare() {
        assumeTrue(Programs.find(Program.ETCD).isPresent(), "etcd is not installed");
        assumeTrue(Programs.find(Program.HAPROXY).isPresent(), "haproxy is not installed");
        folder = new DataFolder(temporary);
        shape = shapeOnFreePorts();
        layout = Layout.of(shape, RunningEtcd.NONE);
        new ConfigFiles(layout, folder).write();
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (supervisor.isPresent()) {
            supervisor.get().stop();
        }
    }

    @Test
    void startsEverythingAndEndsEverythingItStarted() throws InterruptedException, IOException {
        var started = start();

        assertThat(started)
                .hasSize(layout.components().size())
                .allMatch(each -> each.identity().isAlive());
        assertThat(started).allMatch(each -> Health.isReady(URI.create(each.readiness())), "ready");
        assertThat(PlatformState.read(folder).orElseThrow().live()).isEqualTo(started);
        assertThat(Health.isReady(URI.create(named(started, "haproxy-us-east").metrics())))
                .as("metrics of HAProxy")
                .isTrue();
        assertDeviceReachesNodeWithProxyHeader();

        supervisor.orElseThrow().stop();

        assertThat(started).noneMatch(each -> each.identity().isAlive());
        assertThat(PlatformState.read(folder)).contains(PlatformState.stopped(shape));
        assertThat(stopOrder()).containsExactly("haproxy", "us-east/a/1", "us-east/a", "us-east", "global", "etcd");
        PortCheck.requireFree(layout.components());
    }

    private void assertDeviceReachesNodeWithProxyHeader() throws IOException {
        try (var device = new Socket(InetAddress.getLoopbackAddress(), shape.clientPort())) {
            device.getOutputStream().write(new byte[32]);
            // Signature of the PROXY protocol version 2, command PROXY, TCP over IPv4, 12 bytes of addresses.
            await().atMost(READY_WITHIN)
                    .untilAsserted(() -> assertThat(logOf("us-east/a/1")).contains("0d0a0d0a000d0a515549540a2111000c"));
        }
    }

    private List<String> stopOrder() {
        return progress.stream()
                .filter(line -> line.startsWith("stopping "))
                .map(line -> line.replaceFirst("stopping ", "").replaceFirst("(etcd|haproxy)-.*", "$1"))
                .toList();
    }

    @Test
    void processThatFailsAtItsStartIsShownWithItsLogAndNothingIsLeft() throws IOException {
        var config = folder.config(LayoutTest.component(layout, "us-east/a"));
        Files.createFile(config.resolveSibling(config.getFileName() + ".fail"));

        assertThatThrownBy(this::start)
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining("us-east/a ended with exit code 7")
                .hasMessageContaining("cannot work: told to fail")
                .hasMessageContaining("logs/us-east/a.log");
        assertThat(supervisor.orElseThrow().started())
                .noneMatch(each -> each.identity().isAlive());
        PortCheck.requireFree(layout.components());
    }

    @Test
    void processThatIsNotReadyInTimeIsNamedAndNothingIsLeft() throws IOException {
        var config = folder.config(LayoutTest.component(layout, "us-east"));
        Files.createFile(config.resolveSibling(config.getFileName() + ".hang"));

        assertThatThrownBy(() -> start(Duration.ofSeconds(20), Optional.empty()))
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining("us-east was not ready within 20 s")
                .hasMessageContaining("started with");
        assertThat(supervisor.orElseThrow().started())
                .noneMatch(each -> each.identity().isAlive());
    }

    @Test
    void everyKindOfProcessThatEndsIsStartedAgain() throws InterruptedException {
        var started = start();
        watch();

        started.forEach(each -> each.identity().kill());

        await().atMost(READY_WITHIN)
                .untilAsserted(() -> assertThat(recorded())
                        .hasSameSizeAs(started)
                        .allMatch(each -> each.restarts() == 1)
                        .allMatch(
                                each -> each.identity().isAlive() && Health.isReady(URI.create(each.readiness())),
                                "ready"));
        assertThat(recorded())
                .extracting(Started::name)
                .isEqualTo(started.stream().map(Started::name).toList());
        assertThat(progress)
                .anyMatch(line -> line.matches("us-east/a/1 \\(process [0-9]+\\) ended with exit code 137: "
                        + "started again in 1 s; its log: .*; [0-9] of 7 processes keep running"))
                .anyMatch(line -> line.matches("us-east/a/1 started again \\(process [0-9]+\\)"));
        assertThat(logOf("us-east/a/1")).contains("--- meridian up, started again after it ended, 1, ");
        assertThat(logOf("etcd-us-east")).contains("restarting");
    }

    @Test
    void processThatWaitsForItsRestartDoesNotComeBackAfterTheStop() throws InterruptedException {
        var started = start();
        var watching = watch();
        named(started, "us-east/a/1").identity().kill();
        await().atMost(READY_WITHIN)
                .until(() -> progress.stream().anyMatch(line -> line.contains("started again in 1 s")));

        supervisor.orElseThrow().stop();

        assertThat(watching.join(READY_WITHIN)).as("the watch ended").isTrue();
        assertThat(PlatformState.read(folder)).contains(PlatformState.stopped(shape));
        PortCheck.requireFree(layout.components());
    }

    private Thread watch() {
        return Thread.startVirtualThread(() -> {
            try {
                supervisor.orElseThrow().watch();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private List<Started> recorded() {
        return PlatformState.read(folder).orElseThrow().processes();
    }

    @Test
    void withoutRestartsTheOthersKeepRunning() throws InterruptedException {
        var started = start(READY_WITHIN, Optional.empty());
        var watching = watch();
        var node = named(started, "us-east/a/1");

        node.identity().kill();

        await().atMost(READY_WITHIN)
                .untilAsserted(() -> assertThat(progress)
                        .anyMatch(line -> line.contains("us-east/a/1 (process "
                                        + node.identity().pid() + ") ended with exit code 137: it stays away;")
                                && line.contains(node.log())));
        assertThat(PlatformState.read(folder).orElseThrow().live())
                .hasSize(started.size() - 1)
                .doesNotContain(node);
        watching.interrupt();
    }

    @Test
    void secondStartContinuesWithTheDataOfTheFirst() throws InterruptedException {
        start();
        var etcd = LayoutTest.component(layout, "etcd-us-east");
        var member = folder.data(etcd).resolve("member");
        assertThat(member).isDirectory();
        supervisor.orElseThrow().stop();

        var again = start();

        assertThat(again).allMatch(each -> each.identity().isAlive());
        assertThat(logOf("etcd-us-east")).contains("restarting");
    }

    private List<Started> start() throws InterruptedException {
        return start(READY_WITHIN, Optional.of(new RestartSchedule()));
    }

    private List<Started> start(Duration readyWithin, Optional<RestartSchedule> restarts) throws InterruptedException {
        var java = new JavaRuntime(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path")),
                _ -> ToyDeployable.class.getName());
        var commandLines = new CommandLines(java, folder, Map.of(), List.of());
        var next = new Supervisor(shape, folder, commandLines, restarts, ProcessIdentity.self(), progress::add);
        supervisor = Optional.of(next);
        next.start(layout, readyWithin);
        return next.started();
    }

    private String logOf(String name) {
        try {
            return Files.readString(folder.log(LayoutTest.component(layout, name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Started named(List<Started> started, String name) {
        return started.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Shape shapeOnFreePorts() {
        return IntStream.iterate(22_000, base -> base < 32_000, base -> base + 1_000)
                .mapToObj(base -> new Shape(List.of("us-east"), 1, 1, base + 900, base))
                .filter(SupervisorTest::isFree)
                .findFirst()
                .orElseThrow();
    }

    private static boolean isFree(Shape candidate) {
        try {
            PortCheck.requireFree(Layout.of(candidate, RunningEtcd.NONE).components());
            return true;
        } catch (PlatformException _) {
            return false;
        }
    }
}
