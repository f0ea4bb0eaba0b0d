package io.meridianmq.fabric.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Ports of the loopback interface for tests of processes that are told their port before they bind it. */
public final class FreePort {

    /** Below the ports that Linux gives to outgoing connections and to whoever binds port 0, which so do not take it first. */
    private static final int FIRST = 10_000;

    private static final int COUNT = 9_000;

    /** Each is given once, and by each process from another one on. */
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

    private FreePort() {}

    /** A port that nobody uses at the moment. */
    public static HostPort next() {
        while (true) {
            var port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
            try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return new HostPort("127.0.0.1", socket.getLocalPort());
            } catch (IOException _) {
                // Somebody has it.
            }
        }
    }
}
