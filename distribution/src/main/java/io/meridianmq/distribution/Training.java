package io.meridianmq.distribution;

import io.meridianmq.cli.Main;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * The run that the AOT cache is made from: it loads and links what Meridian's processes use while they start.
 *
 * <p>The JVM records every class that this run loads; with the cache each process starts in a fraction of the time. The
 * build runs it once, with the flags of the distribution. It needs no server and listens on loopback alone.
 */
final class Training {

    private Training() {}

    static void main() throws IOException {
        commandLine();
        // Threads of the MQTT client are left; the cache is made when the JVM exits.
        System.exit(0);
    }

    /** The commands that need no platform, and the MQTT client as far as a broker that refuses it. */
    private static void commandLine() throws IOException {
        run("--help");
        run("up", "--help");
        run("status");
        run("down");
        var port = unusedPort();
        run("pub", "-p", port, "-t", "training", "-m", "1", "-q", "1", "-D", "name=value");
        run("sub", "-p", port, "-t", "training/#", "--json");
    }

    private static void run(String... arguments) {
        Main.commandLine().execute(arguments);
    }

    private static String unusedPort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Integer.toString(socket.getLocalPort());
        }
    }
}
