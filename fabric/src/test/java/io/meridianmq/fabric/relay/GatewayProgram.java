package io.meridianmq.fabric.relay;

import io.meridianmq.fabric.config.FreePort;
import io.meridianmq.fabric.config.HostPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A gateway in a process of its own, with this JVM's class path, for tests of the deployables. */
public final class GatewayProgram implements AutoCloseable {

    private static final int END_SECONDS_MAX = 60;

    private final Class<?> main;
    private final Path folder;
    private final HostPort http;
    private final HttpClient client = HttpClient.newHttpClient();
    private Optional<Process> process = Optional.empty();

    /**
     * @param main its main class
     * @param folder for its configuration, data and log; created if it is missing
     */
    public GatewayProgram(Class<?> main, Path folder) {
        this.main = main;
        this.folder = folder;
        this.http = FreePort.next();
    }

    /**
     * Writes its configuration: free ports for links and HTTP, a data folder, and what is given.
     *
     * @param directory the content of that section, one line for each key
     */
    public GatewayProgram configure(String place, String... directory) {
        return configureText(
                """
                place: %s
                data: %s
                directory:
                  %s
                link:
                  bind: %s
                  insecure: true
                http:
                  bind: %s
                """.formatted(place, folder.resolve("data"), String.join("\n  ", directory), FreePort.next(), http));
    }

    /** Writes its configuration. */
    public GatewayProgram configureText(String yaml) {
        try {
            Files.createDirectories(folder);
            Files.writeString(config(), yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    public Path config() {
        return folder.resolve("gateway.yaml");
    }

    /** Starts it, and returns at once. */
    public GatewayProgram start(String... more) {
        var command = new ArrayList<String>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                "--config",
                config().toString()));
        command.addAll(List.of(more));
        try {
            process = Optional.of(new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** The code it exits with, once it does. */
    public int exitCode() {
        var running = process.orElseThrow();
        try {
            if (!running.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new AssertionError(main + " does not end:\n" + output());
            }
            return running.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while " + main + " should end", e);
        }
    }

    /** Everything it has written, over all its starts. */
    public String output() {
        try {
            return Files.exists(log()) ? Files.readString(log()) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean isReady() {
        return get("/health/ready").map(HttpResponse::statusCode).equals(Optional.of(200));
    }

    /** What it says of its health; empty while it does not answer. */
    public String health() {
        return get("/health/ready").map(HttpResponse::body).orElse("");
    }

    /** Its metrics; empty while it does not answer. */
    public String metrics() {
        return get("/metrics").map(HttpResponse::body).orElse("");
    }

    /** Whether its metrics say that the link to a neighbour is up. */
    public boolean isLinkedWith(String peer) {
        return metrics()
                .lines()
                .anyMatch(line -> line.startsWith("meridian_link_up{")
                        && line.contains("peer=\"" + peer + "\"")
                        && line.endsWith(" 1.0"));
    }

    /** Where it serves metrics and health. */
    public HostPort http() {
        return http;
    }

    /** Asks it to end, as an operator would; returns the code it exits with. */
    public int stop() {
        process.orElseThrow().destroy();
        return exitCode();
    }

    /** Ends it as a crash would. */
    public void kill() {
        process.ifPresent(Process::destroyForcibly);
        exitCode();
    }

    @Override
    public void close() {
        if (process.isPresent()) {
            kill();
        }
        client.close();
    }

    private Path log() {
        return folder.resolve("gateway.log");
    }

    private Optional<HttpResponse<String>> get(String path) {
        var request = HttpRequest.newBuilder(URI.create("http://" + http + path))
                .timeout(Duration.ofSeconds(20))
                .build();
        try {
            return Optional.of(client.send(request, HttpResponse.BodyHandlers.ofString()));
        } catch (IOException _) {
            return Optional.empty(); // Not listening yet, or no longer.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while asking " + http, e);
        }
    }
}
