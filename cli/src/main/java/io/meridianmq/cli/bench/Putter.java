package io.meridianmq.cli.bench;

import io.meridianmq.cli.bench.wire.Connection;
import io.meridianmq.cli.bench.wire.ConnectionListener;
import io.meridianmq.cli.bench.wire.PublishFrame;
import io.meridianmq.cli.bench.wire.Stamp;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;

/** Puts retained messages into its share of the topics, or clears them, at QoS 1 or more. Belongs to its worker's loop. */
final class Putter implements ConnectionListener {

    private static final int PACKET_IDENTIFIER_MAX = 65_535;

    private final Worker worker;
    private final Parameters parameters;
    private final String clientId;
    private final Connection connection;
    private final int first;
    private final int end;
    private final IntFunction<String> topics;
    private int window;
    private int packetIdentifier;
    private long generation;
    private boolean isClearing;
    private int next;
    private int acknowledged;
    private CompletableFuture<Boolean> allPut = CompletableFuture.completedFuture(true);

    /**
     * @param first its first topic
     * @param end the topic after its last one
     * @param topics the names of topics, by number
     */
    Putter(Worker worker, Parameters parameters, int number, int first, int end, IntFunction<String> topics) {
        this.worker = worker;
        this.parameters = parameters;
        this.clientId = parameters.clientId('p', number);
        this.connection = new Connection(worker.loop(), parameters.login(clientId, Visitor.KEEP_ALIVE_SECONDS), this);
        this.first = first;
        this.end = end;
        this.topics = topics;
        this.window = parameters.window();
    }

    Worker worker() {
        return worker;
    }

    Connection connection() {
        return connection;
    }

    /** Puts the messages of a generation into all of its topics. */
    void put(long newGeneration, CompletableFuture<Boolean> whenPut) {
        generation = newGeneration;
        begin(whenPut);
    }

    /** Removes all of its messages. */
    void clear(CompletableFuture<Boolean> whenCleared) {
        isClearing = true;
        begin(whenCleared);
    }

    private void begin(CompletableFuture<Boolean> whenDone) {
        allPut = whenDone;
        next = first;
        acknowledged = first;
        pump();
    }

    private void pump() {
        while (next < end && next - acknowledged < window) {
            packetIdentifier = packetIdentifier % PACKET_IDENTIFIER_MAX + 1;
            var qos = Math.max(1, parameters.qos());
            if (isClearing) {
                connection.clearRetained(packetIdentifier, topics.apply(next), qos);
            } else {
                var random = new SplittableRandom(parameters.seed() + next);
                var frame = new PublishFrame(
                        parameters.version(), topics.apply(next), qos, true, parameters.payloadBytes(), random);
                frame.write(
                        connection.out(frame.bytes()),
                        packetIdentifier,
                        Stamp.origin(next, generation),
                        System.nanoTime());
                worker.onSent();
            }
            next++;
        }
        if (acknowledged == end) {
            allPut.complete(true);
        }
    }

    @Override
    public void onConnected(int receiveMaximum) {
        window = Math.min(window, receiveMaximum);
        worker.opener().onOpen();
    }

    @Override
    public void onAcknowledged() {
        acknowledged++;
        pump();
    }

    @Override
    public void onBroken(String reason) {
        worker.onBroken(clientId, reason);
        var failure = clientId + ": " + reason;
        worker.opener().onBroken(failure);
        allPut.completeExceptionally(new BenchFailedException(failure));
    }

    @Override
    public void onSubscribed() {
        throw new IllegalStateException("SUBACK to a publisher");
    }

    @Override
    public void onUnsubscribed() {
        throw new IllegalStateException("UNSUBACK to a publisher");
    }

    @Override
    public void onMessage(boolean isRetained, long origin, long dueNanos) {
        throw new IllegalStateException("a message to a publisher that has subscribed to nothing");
    }
}
