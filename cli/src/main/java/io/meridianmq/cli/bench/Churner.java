package io.meridianmq.cli.bench;

import io.meridianmq.cli.bench.wire.Connection;
import io.meridianmq.cli.bench.wire.ConnectionListener;
import java.util.Optional;

/**
 * A client that subscribes, unsubscribes, subscribes to something else, and after some rounds leaves and comes again. Every
 * other filter has a wildcard. Belongs to its worker's loop.
 */
final class Churner implements ConnectionListener {

    static final int ROUNDS_OF_CONNECTION = 100;

    private static final int FILTERS = 10;
    private static final int PACKET_IDENTIFIER_MAX = 65_535;

    private final Worker worker;
    private final Parameters parameters;
    private final int number;
    private final String clientId;
    private Connection connection;
    private boolean isStopped;
    private long askedNanos;
    private long rounds;
    private long connects;

    Churner(Worker worker, Parameters parameters, int number) {
        this.worker = worker;
        this.parameters = parameters;
        this.number = number;
        this.clientId = parameters.clientId('c', number);
        this.connection = newConnection();
    }

    private Connection newConnection() {
        return new Connection(worker.loop(), parameters.login(clientId, Visitor.KEEP_ALIVE_SECONDS), this);
    }

    Worker worker() {
        return worker;
    }

    void start() {
        worker.loop().open(connection, parameters.broker(), Optional.empty());
    }

    void stop() {
        isStopped = true;
    }

    void close() {
        isStopped = true;
        connection.close();
    }

    /** Rounds of subscribing and unsubscribing so far. */
    long rounds() {
        return rounds;
    }

    /** Connections so far. */
    long connects() {
        return connects;
    }

    private String filter() {
        var round = rounds % FILTERS;
        return round % 2 == 0
                ? parameters.topic("churn/" + number + "/" + round)
                : parameters.topic("churn/+/" + number + "/" + round + "/#");
    }

    private int packetIdentifier() {
        return (int) (rounds % PACKET_IDENTIFIER_MAX) + 1;
    }

    private void subscribe() {
        if (!isStopped) {
            askedNanos = System.nanoTime();
            connection.subscribe(packetIdentifier(), filter(), parameters.qos());
        }
    }

    @Override
    public void onConnected(int receiveMaximum) {
        connects++;
        subscribe();
    }

    @Override
    public void onSubscribed() {
        worker.onReceived(worker.loop().nowNanos() - askedNanos);
        connection.unsubscribe(packetIdentifier(), filter());
    }

    @Override
    public void onUnsubscribed() {
        rounds++;
        if (rounds % ROUNDS_OF_CONNECTION == 0 && !isStopped) {
            connection.close();
            connection = newConnection();
            start();
        } else {
            subscribe();
        }
    }

    @Override
    public void onBroken(String reason) {
        isStopped = true;
        worker.onBroken(clientId, reason);
    }

    @Override
    public void onMessage(boolean isRetained, long origin, long dueNanos) {
        throw new IllegalStateException("a message on a topic that nobody publishes to");
    }

    @Override
    public void onAcknowledged() {
        throw new IllegalStateException("an acknowledgement to a client that has published nothing");
    }
}
