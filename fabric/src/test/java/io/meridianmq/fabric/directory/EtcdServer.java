package io.meridianmq.fabric.directory;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meridianmq.fabric.config.FreePort;
import io.meridianmq.fabric.config.HostPort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One real etcd on free ports of the loopback interface, for tests. Its data survives a kill and a new start. */
public final class EtcdServer implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/bin/etcd");
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final Path data;
    private final HostPort clientAddress;
    private final HostPort peerAddress;
    private Optional<Process> process = Optional.empty();

    private EtcdServer(Path data) {
        this.data = data;
        this.clientAddress = FreePort.next();
        this.peerAddress = FreePort.next();
    }

    /** An etcd that is not started yet; skips the test where the program is not installed. */
    public static EtcdServer stopped(Path data) {
        assumeTrue(Files.isExecutable(PROGRAM), "etcd is not installed at " + PROGRAM);
        return new EtcdServer(data);
    }

    /** An etcd that answers; skips the test where the program is not installed. */
    public static EtcdServer started(Path data) {
        var server = stopped(data);
        server.start();
        return server;
    }

    public HostPort address() {
        return clientAddress;
    }

    /** Starts it on its data, and returns when it answers. */
    public void start() {
        var client = "http://" + clientAddress;
        var peer = "http://" + peerAddress;
        try {
            process = Optional.of(new ProcessBuilder(
                            PROGRAM.toString(),
                            "--name=test",
                            "--data-dir=" + data,
                            "--listen-client-urls=" + client,
                            "--advertise-client-urls=" + client,
                            "--listen-peer-urls=" + peer,
                            "--initial-advertise-peer-urls=" + peer,
                            "--initial-cluster=test=" + peer,
                            // The shortest lease etcd grants is one and a half election timeouts.
                            "--heartbeat-interval=50",
                            "--election-timeout=500",
                            "--log-level=error")
                    .redirectErrorStream(true)
                    .redirectOutput(
                            data.resolveSibling(data.getFileName() + ".log").toFile())
                    .start());
        } catch (IOException e) {
            throw new IllegalStateException("etcd cannot be started", e);
        }
        awaitHealthy();
    }

    /** Ends it as a crash would. */
    public void kill() {
        process.ifPresent(running -> {
            running.destroyForcibly();
            try {
                if (!running.waitFor(30, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("etcd survived kill -9");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        process = Optional.empty();
    }

    /** Deletes everything it stored; it must not be running. */
    public void wipe() throws IOException {
        try (var files = Files.walk(data)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Override
    public void close() {
        kill();
    }

    private void awaitHealthy() {
        var deadlineNanos = System.nanoTime() + START_LIMIT.toNanos();
        try (var http = HttpClient.newHttpClient()) {
            var health = HttpRequest.newBuilder(URI.create("http://" + clientAddress + "/health"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            while (!isHealthy(http, health)) {
                if (System.nanoTime() - deadlineNanos > 0) {
                    kill();
                    throw new IllegalStateException("etcd does not answer at " + clientAddress);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
    }

    private static boolean isHealthy(HttpClient http, HttpRequest health) {
        try {
            return http.send(health, HttpResponse.BodyHandlers.ofString())
                    .body()
                    .contains("\"true\"");
        } catch (IOException e) {
            return false; // Not listening yet.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while etcd started", e);
        }
    }
}
