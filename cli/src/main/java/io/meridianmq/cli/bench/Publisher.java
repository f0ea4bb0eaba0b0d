package io.meridianmq.cli.bench;

import io.meridianmq.cli.bench.wire.Connection;
import io.meridianmq.cli.bench.wire.ConnectionListener;
import io.meridianmq.cli.bench.wire.PublishFrame;
import io.meridianmq.cli.bench.wire.Stamp;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One publisher. In a closed loop it sends whenever fewer than its window of messages are outstanding: not yet received
 * by every subscriber that reads, or at QoS 1 and 2 not yet acknowledged. In an open loop its {@link Pacer} says when.
 * Belongs to its worker's loop.
 */
final class Publisher implements ConnectionListener {

    /** A closed loop that got nothing for so long gives up what is outstanding: it is lost. */
    static final long PATIENCE_NANOS = 2_000_000_000;

    private static final int PACKET_IDENTIFIER_MAX = 65_535;

    /** Packet identifiers are used again in turn, so fewer may be unacknowledged. */
    private static final int UNACKNOWLEDGED_MAX = 65_000;

    private final Worker worker;
    private final int number;
    private final int qos;
    private final long limit;
    private final Connection connection;
    private final String clientId;
    private final PublishFrame frame;
    private final List<Credit> credits = new ArrayList<>();
    private final AtomicBoolean isWoken = new AtomicBoolean();

    private final Runnable pumping = this::pump;

    private boolean isPumpDue;
    /** 0 in an open loop. */
    private int window;

    private int unacknowledgedMax = UNACKNOWLEDGED_MAX;
    private boolean isSending;
    private int packetIdentifier;
    private long sent;
    private long acknowledged;
    private long givenUp;
    private long outstandingBefore;
    private long progressNanos;

    Publisher(Worker worker, int number, Layout.Speaker speaker, Parameters parameters) {
        this.worker = worker;
        this.number = number;
        this.qos = speaker.qos();
        this.window = parameters.isClosedLoop() ? parameters.window() : 0;
        this.limit = parameters.messages() == 0 ? Long.MAX_VALUE : parameters.messages();
        this.clientId = parameters.clientId('p', number);
        this.connection = new Connection(worker.loop(), parameters.login(clientId, 0), this);
        this.frame = new PublishFrame(
                parameters.version(),
                speaker.topic(),
                qos,
                false,
                parameters.payloadBytes(),
                new SplittableRandom(parameters.seed() + number));
    }

    Worker worker() {
        return worker;
    }

    Connection connection() {
        return connection;
    }

    void add(Credit credit) {
        credits.add(credit);
    }

    long sent() {
        return sent;
    }

    /** Whether it has sent all that it may. */
    boolean isDone() {
        return sent >= limit;
    }

    /** Begins to send, if it has a window. */
    void start() {
        isSending = true;
        progressNanos = System.nanoTime();
        pump();
    }

    void stop() {
        isSending = false;
    }

    /** A worker's subscribers have got something. On that worker's loop. */
    void onProgress(Worker from) {
        if (from.equals(worker)) {
            pump();
        } else if (isWoken.compareAndSet(false, true)) {
            worker.loop().executor().execute(() -> {
                isWoken.set(false);
                pump();
            });
        }
    }

    /** Sends what the window has room for. */
    private void pump() {
        isPumpDue = false;
        if (!isSending || window == 0) {
            return;
        }
        var room = Math.min(window - outstanding(), limit - sent);
        if (room > 0) {
            var out = connection.out(Math.toIntExact(room * frame.bytes()));
            var nowNanos = System.nanoTime();
            progressNanos = nowNanos;
            for (var count = 0; count < room; count++) {
                write(out, nowNanos);
            }
        }
    }

    /**
     * Sends one message in an open loop.
     *
     * @return whether it could: the network and the broker keep up
     */
    boolean send(long dueNanos) {
        if (!connection.isWritable() || (qos > 0 && sent - acknowledged >= unacknowledgedMax)) {
            return false;
        }
        write(connection.out(frame.bytes()), dueNanos);
        return true;
    }

    /** Sends a message that has no number and does not count, to see whether one arrives. */
    void probe() {
        if (qos > 0) {
            acknowledged--;
        }
        frame.write(
                connection.out(frame.bytes()),
                nextPacketIdentifier(),
                Stamp.origin(Stamp.PUBLISHERS_MAX - 1, number),
                0);
    }

    private void write(ByteBuf out, long dueNanos) {
        frame.write(out, nextPacketIdentifier(), Stamp.origin(number, sent), dueNanos);
        sent++;
        worker.onSent();
    }

    private int nextPacketIdentifier() {
        packetIdentifier = packetIdentifier % PACKET_IDENTIFIER_MAX + 1;
        return packetIdentifier;
    }

    private long outstanding() {
        var done = qos == 0 ? Long.MAX_VALUE : acknowledged;
        for (var credit : credits) {
            done = Math.min(done, credit.told());
        }
        return Math.max(0, sent - givenUp - done);
    }

    /** To be called some times a second: a message that is lost must not stop a closed loop. */
    void tick(long nowNanos) {
        var outstanding = outstanding();
        if (!isSending || window == 0 || outstanding < outstandingBefore || outstanding == 0) {
            progressNanos = nowNanos;
        } else if (nowNanos - progressNanos > PATIENCE_NANOS) {
            givenUp += outstanding;
            worker.onGivenUp(outstanding);
            pump();
        }
        outstandingBefore = outstanding;
    }

    @Override
    public void onConnected(int receiveMaximum) {
        unacknowledgedMax = Math.min(UNACKNOWLEDGED_MAX, receiveMaximum);
        if (qos > 0 && window > 0) {
            window = Math.min(window, receiveMaximum);
        }
        worker.opener().onOpen();
    }

    @Override
    public void onAcknowledged() {
        acknowledged++;
        if (window > 0 && !isPumpDue) {
            isPumpDue = true;
            worker.loop().atEndOfTurn(pumping);
        }
    }

    @Override
    public void onBroken(String reason) {
        isSending = false;
        worker.onBroken(clientId, reason);
        worker.opener().onBroken(clientId + ": " + reason);
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
