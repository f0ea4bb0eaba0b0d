package io.meridianmq.fabric.directory;

import io.meridianmq.fabric.config.HostPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between a client and a server, for tests that cut the one off from the other. */
public final class TcpProxy implements AutoCloseable {

    private final HostPort target;
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;

    private TcpProxy(HostPort target, ServerSocket listener) {
        this.target = target;
        this.listener = listener;
    }

    public static TcpProxy to(HostPort target) {
        try {
            var proxy = new TcpProxy(target, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
            Thread.startVirtualThread(proxy::acceptAll);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public HostPort address() {
        return new HostPort("127.0.0.1", listener.getLocalPort());
    }

    /** Breaks every connection and every new one, until {@link #heal}. */
    public void cut() {
        cut = true;
        open.forEach(TcpProxy::closeQuietly);
    }

    public void heal() {
        cut = false;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }

    private void acceptAll() {
        try {
            while (true) {
                var client = listener.accept();
                if (cut) {
                    closeQuietly(client);
                } else {
                    connect(client);
                }
            }
        } catch (IOException e) {
            cut(); // The proxy was closed.
        }
    }

    private void connect(Socket client) {
        try {
            var server = new Socket(target.host(), target.port());
            open.add(client);
            open.add(server);
            Thread.startVirtualThread(() -> pump(client, server));
            Thread.startVirtualThread(() -> pump(server, client));
        } catch (IOException e) {
            closeQuietly(client); // As the server itself would do.
        }
    }

    /** Ends both directions when one of them ends. */
    private void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            closeQuietly(to); // Broken, by one of the ends or by cut().
        } finally {
            closeQuietly(from);
            closeQuietly(to);
            open.remove(from);
            open.remove(to);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
