package io.meridianmq.bench.compare;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A broker that runs, until it is closed. For one thread. */
final class BrokerProcess implements AutoCloseable {

    private static final Duration START_MAX = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 50;
    private static final int STOP_SECONDS_MAX = 10;

    private final Process process;
    private final int port;

    private BrokerProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts a broker and waits until it accepts connections.
     *
     * @param folder for its files and its output
     * @throws IOException if it ends, or accepts none for a minute
     */
    static BrokerProcess start(Peer peer, Workplace workplace, Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        var port = freePort();
        var log = folder.resolve("broker.log").toFile();
        var builder = new ProcessBuilder(peer.command(workplace, port, folder))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log);
        builder.environment().putAll(peer.environment());
        var broker = new BrokerProcess(builder.start(), port);
        try {
            broker.awaitPort(peer, log.toPath());
            return broker;
        } catch (IOException | InterruptedException e) {
            broker.close();
            throw e;
        }
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    /** Asks the process to end, and ends it after ten seconds, or at once if this thread is interrupted. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }

    private void awaitPort(Peer peer, Path log) throws IOException, InterruptedException {
        var deadline = System.nanoTime() + START_MAX.toNanos();
        while (System.nanoTime() - deadline < 0) {
            if (!process.isAlive()) {
                throw new IOException(peer.title() + " ended with code " + process.exitValue() + ": see " + log);
            }
            if (isAccepting()) {
                return;
            }
            Thread.sleep(POLL_MILLIS);
        }
        throw new IOException(
                peer.title() + " accepts no connection after " + START_MAX.toSeconds() + " s: see " + log);
    }

    private boolean isAccepting() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException _) {
            return false; // Not yet: asked again until the time is up.
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
