package io.meridianmq.fabric.link;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** A network between two components that can be cut and stalled. */
final class StallingProxy implements AutoCloseable {

    private final ServerSocket listener;
    private final int targetPort;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong bytes = new AtomicLong();

    /** Readers move bytes; whoever holds the write lock stalls them. */
    private final ReentrantReadWriteLock traffic = new ReentrantReadWriteLock();

    StallingProxy(int targetPort) {
        this.targetPort = targetPort;
        try {
            this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Bytes moved so far, both directions together. */
    long bytes() {
        return bytes.get();
    }

    /** Closes every connection; new ones are accepted. */
    void cut() {
        sockets.forEach(StallingProxy::closeQuietly);
    }

    /** Moves nothing any more, and closes nothing, until {@link #resume()} by the same thread. */
    void stall() {
        traffic.writeLock().lock();
    }

    void resume() {
        traffic.writeLock().unlock();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }

    private void accept() {
        try {
            while (true) {
                var near = listener.accept();
                var far = new Socket(InetAddress.getLoopbackAddress(), targetPort);
                sockets.add(near);
                sockets.add(far);
                Thread.ofVirtual().start(() -> move(near, far));
                Thread.ofVirtual().start(() -> move(far, near));
            }
        } catch (IOException e) {
            // The listener is closed: the test is over.
        }
    }

    private void move(Socket from, Socket to) {
        var buffer = new byte[16 * 1024];
        try (from;
                to) {
            int count;
            while ((count = from.getInputStream().read(buffer)) >= 0) {
                traffic.readLock().lock();
                try {
                    to.getOutputStream().write(buffer, 0, count);
                } finally {
                    traffic.readLock().unlock();
                }
                bytes.addAndGet(count);
            }
        } catch (IOException e) {
            // One end closed, or the proxy cut the connection: both ends go, which is what a network does.
        }
        sockets.remove(from);
        sockets.remove(to);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
