package io.meridianmq.cli.wan;

import io.meridianmq.fabric.config.HostPort;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TCP proxy whose bytes take a while, in each direction alike. Connections themselves are made and broken without
 * delay; an end of one direction travels as the bytes before it do.
 *
 * <p>Each connection has four virtual threads, two for each direction. At most {@value #CONNECTIONS_MAX} connections at
 * once: more are closed at once. Any thread may close the proxy.
 */
final class WanProxy implements AutoCloseable {

    static final int CONNECTIONS_MAX = 1_000;

    private static final Logger log = LoggerFactory.getLogger(WanProxy.class);
    private static final ThreadFactory THREADS =
            Thread.ofVirtual().name("wan-", 0).factory();
    private static final int READ_BYTES = 64 * 1024;
    private static final int ACCEPT_QUEUE = 64;

    private final Duration delay;
    private final List<ServerSocket> listeners = new ArrayList<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    private WanProxy(Duration delay) {
        this.delay = delay;
    }

    /**
     * Listens and passes on until closed.
     *
     * @param delay one way
     * @throws IOException if an address cannot be bound; the message names it
     */
    static WanProxy start(List<Route> routes, Duration delay) throws IOException {
        var proxy = new WanProxy(delay);
        try {
            for (var route : routes) {
                proxy.listen(route);
            }
        } catch (IOException e) {
            proxy.close();
            throw e;
        }
        return proxy;
    }

    /** The port of each route, in their order. */
    List<Integer> ports() {
        return listeners.stream().map(ServerSocket::getLocalPort).toList();
    }

    /** Stops listening and closes every connection; what is on its way is lost. */
    @Override
    public void close() throws IOException {
        for (var listener : listeners) {
            listener.close();
        }
        sockets.forEach(WanProxy::closeQuietly);
    }

    private void listen(Route route) throws IOException {
        var listener = new ServerSocket();
        listeners.add(listener);
        try {
            listener.bind(route.listen().toSocketAddress(), ACCEPT_QUEUE);
        } catch (IOException e) {
            throw new IOException("cannot accept connections on " + route.listen() + ": " + e.getMessage(), e);
        }
        THREADS.newThread(() -> accept(listener, route.to())).start();
    }

    private void accept(ServerSocket listener, HostPort target) {
        while (!listener.isClosed()) {
            try {
                var near = listener.accept();
                if (sockets.size() >= 2 * CONNECTIONS_MAX) {
                    log.warn("connection to {} refused: {} are there already", target, CONNECTIONS_MAX);
                    near.close();
                } else {
                    sockets.add(near);
                    THREADS.newThread(() -> connect(near, target)).start();
                }
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    log.warn("a connection to {} could not be accepted: {}", target, e.getMessage());
                }
            }
        }
    }

    private void connect(Socket near, HostPort target) {
        var far = new Socket();
        sockets.add(far);
        try {
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            far.connect(target.toSocketAddress());
        } catch (IOException e) {
            log.debug("{} cannot be reached: {}", target, e.getMessage());
            end(near, far);
            return;
        }
        log.info("connection from {} to {}", near.getRemoteSocketAddress(), target);
        direction(near, far);
        direction(far, near);
    }

    private void direction(Socket from, Socket to) {
        var line = new DelayLine(delay);
        THREADS.newThread(() -> take(line, from, to)).start();
        THREADS.newThread(() -> put(line, from, to)).start();
    }

    private void put(DelayLine line, Socket from, Socket to) {
        var buffer = new byte[READ_BYTES];
        try {
            var input = from.getInputStream();
            for (var count = input.read(buffer); count >= 0; count = input.read(buffer)) {
                line.put(Arrays.copyOf(buffer, count));
            }
        } catch (IOException | InterruptedException _) {
            // Broken or closed at one end, so at both: what is on its way is lost, as on a network.
            end(from, to);
        }
        line.end();
    }

    private void take(DelayLine line, Socket from, Socket to) {
        try {
            var output = to.getOutputStream();
            for (var bytes = line.take(); bytes.length > 0; bytes = line.take()) {
                output.write(bytes);
                line.gone(bytes);
            }
            to.shutdownOutput();
            if (from.isOutputShutdown()) {
                end(from, to);
            }
        } catch (IOException | InterruptedException _) {
            end(from, to);
            line.abandon();
        }
    }

    private void end(Socket near, Socket far) {
        closeQuietly(near);
        closeQuietly(far);
        sockets.remove(near);
        sockets.remove(far);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            log.debug("{} could not be closed", socket, e);
        }
    }
}
