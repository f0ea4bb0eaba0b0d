package io.meridianmq.cli.bench;

import io.meridianmq.cli.bench.wire.Connection;
import io.meridianmq.cli.bench.wire.ConnectionListener;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Consumer;

/** A client that connects, perhaps subscribes to something, and stays until it is closed. Belongs to its worker's loop. */
final class Visitor implements ConnectionListener {

    private static final int PACKET_IDENTIFIER = 1;

    /** Long enough that nothing has to be sent during a run. */
    static final int KEEP_ALIVE_SECONDS = 900;

    private final Worker worker;
    private final String clientId;
    private final Optional<String> filter;
    private final Consumer<Visitor> whenReady;
    private final Consumer<String> whenBroken;
    private final Connection connection;
    private long openedNanos;

    /**
     * @param filter what it subscribes to, if anything
     * @param whenReady when it is connected and subscribed
     * @param whenBroken when it cannot be, or is not any more; gets the reason
     */
    Visitor(
            Worker worker,
            Parameters parameters,
            String clientId,
            Optional<String> filter,
            Consumer<Visitor> whenReady,
            Consumer<String> whenBroken) {
        this.worker = worker;
        this.clientId = clientId;
        this.filter = filter;
        this.whenReady = whenReady;
        this.whenBroken = whenBroken;
        this.connection = new Connection(worker.loop(), parameters.login(clientId, KEEP_ALIVE_SECONDS), this);
    }

    Worker worker() {
        return worker;
    }

    /** @param local where it comes from, if that is not for the system to choose */
    void open(InetSocketAddress broker, Optional<InetSocketAddress> local) {
        openedNanos = System.nanoTime();
        worker.loop().open(connection, broker, local);
    }

    void close() {
        connection.close();
    }

    @Override
    public void onConnected(int receiveMaximum) {
        if (filter.isPresent()) {
            connection.subscribe(PACKET_IDENTIFIER, filter.get(), 0);
        } else {
            ready();
        }
    }

    @Override
    public void onSubscribed() {
        ready();
    }

    private void ready() {
        worker.onReceived(worker.loop().nowNanos() - openedNanos);
        whenReady.accept(this);
    }

    @Override
    public void onBroken(String reason) {
        worker.onBroken(clientId, reason);
        whenBroken.accept(reason);
    }

    @Override
    public void onUnsubscribed() {
        throw new IllegalStateException("UNSUBACK to a client that has not unsubscribed");
    }

    @Override
    public void onMessage(boolean isRetained, long origin, long dueNanos) {
        throw new IllegalStateException("a message to a client that nobody publishes to");
    }

    @Override
    public void onAcknowledged() {
        throw new IllegalStateException("an acknowledgement to a client that has published nothing");
    }
}
