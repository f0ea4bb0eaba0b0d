package io.meridianmq.fabric.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.fabric.config.ConfigSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LifecycleTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final Lifecycle lifecycle = new Lifecycle("test");

    @Test
    void stopsInReverseOrder() {
        var exitCode = lifecycle.run(it -> {
            it.start("a", SOON, () -> component("a"));
            it.start("b", SOON, () -> component("b"));
            it.requestStop("the test is over");
        });
        assertThat(exitCode).isEqualTo(Lifecycle.EXIT_ORDERLY);
        assertThat(events).containsExactly("start a", "start b", "stop b", "stop a");
    }

    @Test
    void aStartThatFailsStopsWhatWasStarted() {
        var exitCode = lifecycle.run(it -> {
            it.start("a", SOON, () -> component("a"));
            it.start("b", SOON, () -> {
                throw new IllegalStateException("no");
            });
        });
        assertThat(exitCode).isEqualTo(Lifecycle.EXIT_FAILURE);
        assertThat(events).containsExactly("start a", "stop a");
    }

    @Test
    void aFatalErrorFromAnyThreadEndsTheProcess() {
        var exitCode = lifecycle.run(it -> {
            it.start("a", SOON, () -> component("a"));
            Thread.startVirtualThread(() -> it.fail("store", new IllegalStateException("disk is gone")));
        });
        assertThat(exitCode).isEqualTo(Lifecycle.EXIT_FAILURE);
        assertThat(events).containsExactly("start a", "stop a");
    }

    @Test
    void theFirstReasonToEndDecides() {
        var exitCode = lifecycle.run(it -> {
            it.requestStop("asked to");
            it.fail("late", new IllegalStateException("because everything stops"));
        });
        assertThat(exitCode).isEqualTo(Lifecycle.EXIT_ORDERLY);
    }

    @Test
    void aComponentThatDoesNotStopIsLeftBehind() throws InterruptedException {
        var never = new CountDownLatch(1);
        var exitCode = lifecycle.run(it -> {
            it.start("a", SOON, () -> component("a"));
            it.start("stuck", Duration.ofMillis(20), () -> never::await);
            it.requestStop("the test is over");
        });
        never.countDown();
        assertThat(exitCode).isEqualTo(Lifecycle.EXIT_FAILURE);
        assertThat(events).containsExactly("start a", "stop a");
    }

    @Test
    void aComponentThatFailsToStopDoesNotKeepTheOthersRunning() {
        var exitCode = lifecycle.run(it -> {
            it.start("a", SOON, () -> component("a"));
            it.start("broken", SOON, () -> () -> {
                throw new IllegalStateException("no");
            });
            it.requestStop("the test is over");
        });
        assertThat(exitCode).isEqualTo(Lifecycle.EXIT_FAILURE);
        assertThat(events).containsExactly("start a", "stop a");
    }

    @Test
    void startsNothingMoreOnceToldToStop() {
        var exitCode = lifecycle.run(it -> {
            it.start("a", SOON, () -> component("a"));
            it.requestStop("a signal");
            it.start("b", SOON, () -> component("b"));
        });
        assertThat(exitCode).isEqualTo(Lifecycle.EXIT_ORDERLY);
        assertThat(events).containsExactly("start a", "stop a");
    }

    @Test
    void badConfigurationHasAnExitCodeOfItsOwn() {
        var exitCode = lifecycle.run(it -> {
            var source = ConfigSource.empty(Map.of());
            source.root().string("place");
            source.finish();
        });
        assertThat(exitCode).isEqualTo(Lifecycle.EXIT_USAGE);
        assertThat(new Lifecycle("test").run(it -> {
                    throw new StartRefusedException("the folder is in use");
                }))
                .isEqualTo(Lifecycle.EXIT_USAGE);
    }

    /** A real process, since only one can be ended by a signal. */
    @Test
    void sigtermStopsARealProcessInOrder() throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName())
                .redirectErrorStream(true)
                .start();
        try (var output = process.inputReader()) {
            var lines = new ArrayList<String>();
            for (var line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
                if (line.contains("program started")) {
                    process.toHandle().destroy();
                }
            }
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(Lifecycle.EXIT_ORDERLY);
            assertThat(lines)
                    .anySatisfy(
                            line -> assertThat(line)
                                    .matches(
                                            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO  - Lifecycle - port started in \\d+ ms"));
            assertThat(lines).anySatisfy(line -> assertThat(line).contains("port stopped in"));
            assertThat(lines.getLast()).endsWith("program ends with exit code 0");
        } finally {
            process.destroyForcibly();
        }
    }

    /** What {@link #sigtermStopsARealProcessInOrder} runs. */
    static final class Program {

        private Program() {}

        public static void main(String[] args) {
            Lifecycle.main("program", lifecycle -> lifecycle.start("port", SOON, () -> () -> {}));
        }
    }

    private AutoCloseable component(String name) {
        events.add("start " + name);
        return () -> events.add("stop " + name);
    }
}
