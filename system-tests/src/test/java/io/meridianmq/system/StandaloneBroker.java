package io.meridianmq.system;

import io.meridianmq.fabric.config.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The packaged broker on its own, as a process that can be killed and started again on the same data. */
final class StandaloneBroker implements AutoCloseable {

    private static final Duration STARTS_WITHIN = Duration.ofMinutes(2);
    private static final String READY = "MQTT broker is ready";

    private final Path folder;
    private final int port;
    private final List<String> options;
    private final String javaOptions;
    private Process process;

    private StandaloneBroker(Path folder, int port, List<String> options, String javaOptions, Process process) {
        this.folder = folder;
        this.port = port;
        this.options = List.copyOf(options);
        this.javaOptions = javaOptions;
        this.process = process;
    }

    /**
     * Starts one and waits until it takes clients.
     *
     * @param folder for its data and its logs
     * @param options further options of {@code meridian broker}
     */
    static StandaloneBroker start(Path folder, List<String> options) throws IOException {
        return start(folder, options, "");
    }

    /**
     * Starts one whose JVM has these flags as well.
     *
     * @param javaOptions with blanks between them
     */
    static StandaloneBroker start(Path folder, List<String> options, String javaOptions) throws IOException {
        var port = FreePort.next().port();
        var process = run(folder, port, options, javaOptions);
        var broker = new StandaloneBroker(folder, port, options, javaOptions, process);
        broker.awaitReady();
        return broker;
    }

    /** Starts it again and waits until it takes clients; returns how long that took. */
    Duration startAgain() throws IOException {
        var startNanos = System.nanoTime();
        process = run(folder, port, options, javaOptions);
        awaitReady();
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    /** Ends it as {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    long processId() {
        return process.pid();
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    Path data() {
        return folder.resolve("data");
    }

    /** What it has said since its last start. */
    String log() throws IOException {
        return Files.readString(folder.resolve("broker.log"), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static Process run(Path folder, int port, List<String> options, String javaOptions) throws IOException {
        var command = new ArrayList<>(List.of(
                CommandLine.program().toString(),
                "broker",
                "--port",
                String.valueOf(port),
                "--data",
                folder.resolve("data").toString()));
        command.addAll(options);
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("broker.log").toFile());
        if (!javaOptions.isEmpty()) {
            builder.environment().put("MERIDIAN_JAVA_OPTS", javaOptions);
        }
        return builder.start();
    }

    private void awaitReady() throws IOException {
        Awaitility.await()
                .atMost(STARTS_WITHIN)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("the broker has ended:\n" + log());
                    }
                    return log().contains(READY);
                });
    }
}
