package io.meridianmq.distribution;

import io.meridianmq.cli.Main;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The run that the AOT cache is made from: it loads and links what Meridian's processes use while they start and serve
 * their first clients.
 *
 * <p>The JVM records every class that this run loads; with the cache each process starts in a fraction of the time. The
 * build runs it once, with the flags of the distribution. It needs no server and listens on loopback alone.
 */
final class Training {

    private static final long PATIENCE_MILLIS = 30_000;
    private static final int POLL_MILLIS = 50;

    private Training() {}

    /** The only argument is a folder for what the processes write. */
    static void main(String[] arguments) throws IOException, InterruptedException {
        var folder = Path.of(arguments[0]);
        run("--help");
        run("up", "--help");
        run("status", "--data", folder.toString());
        run("down", "--data", folder.toString());
        broker(folder);
        // Ends what was started, in order; the JVM makes the cache at its exit.
        System.exit(0);
    }

    /** A broker on its own with its first clients. */
    private static void broker(Path folder) throws IOException, InterruptedException {
        var mqtt = unusedPort();
        var config = folder.resolve("broker.yaml");
        Files.writeString(config, """
                place: training/a/1
                data: "%s"
                http:
                  bind: 127.0.0.1:%d
                listeners:
                  - tcp: 127.0.0.1:%d
                """.formatted(folder.resolve("data"), unusedPort(), mqtt));
        Thread.ofPlatform()
                .name("broker")
                .start(() -> io.meridianmq.broker.Main.main(new String[] {"--config", config.toString()}));
        awaitListening(mqtt);
        var port = Integer.toString(mqtt);
        run("pub", "-p", port, "-t", "training/1", "-m", "first", "-q", "1", "-r", "-D", "name=value");
        run("pub", "-p", port, "-t", "training/2", "-m", "second", "-q", "2", "-r");
        run("sub", "-p", port, "-t", "training/#", "-q", "2", "--count", "2", "--timeout", "20", "--json");
    }

    /** Every command has to work: what fails would be missing from the cache. */
    private static void run(String... command) {
        var exitCode = Main.commandLine().execute(command);
        if (exitCode != 0 && !command[0].equals("status")) {
            throw new IllegalStateException(String.join(" ", command) + ": exit code " + exitCode);
        }
    }

    private static void awaitListening(int port) throws InterruptedException {
        var deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (!isListening(port)) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("the broker does not listen on port " + port);
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static boolean isListening(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private static int unusedPort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
