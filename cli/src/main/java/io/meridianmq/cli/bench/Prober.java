package io.meridianmq.cli.bench;

import io.meridianmq.cli.bench.account.Latencies;
import io.meridianmq.cli.bench.wire.Connection;
import io.meridianmq.cli.bench.wire.ConnectionListener;
import io.meridianmq.cli.bench.wire.PublishFrame;
import io.meridianmq.cli.bench.wire.Stamp;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * A subscriber at the second broker and a publisher at the first. As soon as the subscriber has a subscription, the publisher
 * sends a message to it every millisecond; with the first one that comes the subscription ends, and another begins: at once, or
 * at a rate when it is due. Belongs to its worker's loop.
 */
final class Prober implements ConnectionListener {

    private static final long PATIENCE_NANOS = 5_000_000_000L;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int PACKET_IDENTIFIER = 1;

    /** Of the messages of one subscription; the rest of the stamp's sequence number tells which subscription. */
    private static final int MESSAGE_BITS = 16;

    private final Worker worker;
    private final Parameters parameters;
    private final int number;
    private final String clientId;
    private final Connection hearer;
    private final Connection speaker;
    private final Latencies granted = new Latencies();
    private Optional<PublishFrame> frame = Optional.empty();
    private boolean isStopped;
    private long subscriptions;
    private long dueNanos;
    private long askedNanos;
    private long grantedNanos;
    private long messages;
    private long sent;
    private long missed;
    private long unreached;

    Prober(Worker worker, Parameters parameters, int number) {
        this.worker = worker;
        this.parameters = parameters;
        this.number = number;
        this.clientId = parameters.clientId('s', number);
        this.hearer = new Connection(worker.loop(), parameters.subscriberLogin(clientId), this);
        this.speaker = new Connection(
                worker.loop(),
                parameters.login(parameters.clientId('p', number), Visitor.KEEP_ALIVE_SECONDS),
                new Speaker());
    }

    Worker worker() {
        return worker;
    }

    /** From SUBSCRIBE to SUBACK. */
    Latencies granted() {
        return granted;
    }

    /** Messages published. */
    long sent() {
        return sent;
    }

    /** Messages published after SUBACK and before the first that came. */
    long missed() {
        return missed;
    }

    /** Subscriptions that nothing came for within 5 s. */
    long unreached() {
        return unreached;
    }

    /** Connects both. */
    void open() {
        worker.loop().open(hearer, parameters.second(), Optional.empty());
    }

    void start() {
        dueNanos = System.nanoTime();
        if (!parameters.isClosedLoop()) {
            dueNanos += intervalNanos() * number / parameters.publishers();
        }
        subscribeWhenDue();
        var _ = worker.loop().executor().scheduleAtFixedRate(this::publish, 1, 1, TimeUnit.MILLISECONDS);
    }

    /** What was counted so far does not count. */
    void forget() {
        granted.reset();
        sent = 0;
        missed = 0;
        unreached = 0;
    }

    void stop() {
        isStopped = true;
        frame = Optional.empty();
    }

    void close() {
        stop();
        hearer.close();
        speaker.close();
    }

    private String topic() {
        return parameters.topic("reach/" + number + "/" + subscriptions);
    }

    private void subscribeWhenDue() {
        var nowNanos = System.nanoTime();
        if (parameters.isClosedLoop() || dueNanos - nowNanos <= 0) {
            subscribe();
        } else {
            var _ = worker.loop().executor().schedule(this::subscribe, dueNanos - nowNanos, TimeUnit.NANOSECONDS);
        }
    }

    private long intervalNanos() {
        return (long) (NANOS_PER_SECOND * parameters.publishers() / parameters.rate());
    }

    private void subscribe() {
        if (!isStopped) {
            askedNanos = System.nanoTime();
            hearer.subscribe(PACKET_IDENTIFIER, topic(), 0);
        }
    }

    private void publish() {
        frame.ifPresent(next -> {
            var nowNanos = System.nanoTime();
            if (nowNanos - grantedNanos > PATIENCE_NANOS) {
                unreached++;
                unsubscribe();
            } else {
                next.write(speaker.out(next.bytes()), 0, origin(messages), nowNanos);
                messages++;
                sent++;
            }
        });
    }

    private long origin(long message) {
        return Stamp.origin(number, subscriptions << MESSAGE_BITS | message);
    }

    private void unsubscribe() {
        frame = Optional.empty();
        hearer.unsubscribe(PACKET_IDENTIFIER, topic());
    }

    @Override
    public void onConnected(int receiveMaximum) {
        worker.loop().open(speaker, parameters.broker(), Optional.empty());
    }

    @Override
    public void onSubscribed() {
        if (isStopped) {
            return;
        }
        grantedNanos = worker.loop().nowNanos();
        granted.record(grantedNanos - askedNanos);
        messages = 0;
        frame = Optional.of(new PublishFrame(
                parameters.version(),
                topic(),
                0,
                false,
                parameters.payloadBytes(),
                new SplittableRandom(parameters.seed() + number)));
        publish();
    }

    @Override
    public void onMessage(boolean isRetained, long origin, long dueNanos) {
        var isFirst = frame.isPresent() && origin - origin(0) >= 0 && origin - origin(0) < messages;
        if (isFirst) {
            worker.onReceived(worker.loop().nowNanos() - askedNanos);
            missed += origin - origin(0);
            unsubscribe();
        }
    }

    @Override
    public void onUnsubscribed() {
        subscriptions++;
        if (!parameters.isClosedLoop()) {
            dueNanos += intervalNanos();
        }
        subscribeWhenDue();
    }

    @Override
    public void onBroken(String reason) {
        stop();
        worker.onBroken(clientId, reason);
        worker.opener().onBroken(clientId + ": " + reason);
    }

    @Override
    public void onAcknowledged() {
        throw new IllegalStateException("an acknowledgement to a subscriber that has published nothing");
    }

    /** The publisher's connection. */
    private final class Speaker implements ConnectionListener {

        @Override
        public void onConnected(int receiveMaximum) {
            worker.opener().onOpen();
        }

        @Override
        public void onBroken(String reason) {
            Prober.this.onBroken(reason);
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

        @Override
        public void onAcknowledged() {
            throw new IllegalStateException("an acknowledgement at QoS 0");
        }
    }
}
