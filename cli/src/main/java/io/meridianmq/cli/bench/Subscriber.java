package io.meridianmq.cli.bench;

import io.meridianmq.cli.bench.account.Arrival;
import io.meridianmq.cli.bench.wire.Connection;
import io.meridianmq.cli.bench.wire.ConnectionListener;
import io.meridianmq.cli.bench.wire.Stamp;
import java.util.Optional;

/** One subscriber with one subscription. Belongs to its worker's loop. */
final class Subscriber implements ConnectionListener {

    private static final int PACKET_IDENTIFIER = 1;

    private final Worker worker;
    private final Layout.Hearer hearer;
    private final Audience audience;
    private final String clientId;
    private final Connection connection;

    /** Of a member of a group, which may get every other message: the last one of each publisher; else none. */
    private final Optional<long[]> lastOfMember;

    private boolean hasHeardProbe;

    Subscriber(Worker worker, int number, Layout.Hearer hearer, Audience audience, Parameters parameters) {
        this.worker = worker;
        this.hearer = hearer;
        this.audience = audience;
        this.clientId = parameters.clientId('s', number);
        this.connection = new Connection(worker.loop(), parameters.subscriberLogin(clientId), this);
        this.lastOfMember =
                hearer.group() == Layout.NO_GROUP ? Optional.empty() : Optional.of(new long[hearer.publishers()]);
    }

    Worker worker() {
        return worker;
    }

    Connection connection() {
        return connection;
    }

    Layout.Hearer hearer() {
        return hearer;
    }

    /** Whether a message of {@link Publisher#probe} has come. */
    boolean hasHeardProbe() {
        return hasHeardProbe;
    }

    @Override
    public void onConnected(int receiveMaximum) {
        connection.subscribe(PACKET_IDENTIFIER, hearer.filter(), hearer.qos());
    }

    @Override
    public void onSubscribed() {
        connection.read(hearer.isReading());
        worker.opener().onOpen();
    }

    @Override
    public void onMessage(boolean isRetained, long origin, long dueNanos) {
        var publisher = Stamp.publisher(origin);
        if (!audience.hears(publisher)) {
            hasHeardProbe = true;
            return;
        }
        var sequence = Stamp.sequence(origin);
        var arrival = audience.take(publisher, sequence);
        if (arrival == Arrival.REPEATED) {
            worker.onRepeated();
            return;
        }
        if (lastOfMember.isPresent() ? isOvertaken(lastOfMember.get(), publisher, sequence) : arrival == Arrival.LATE) {
            worker.onReordered();
        }
        worker.onReceived(worker.loop().nowNanos() - dueNanos);
    }

    private boolean isOvertaken(long[] last, int publisher, long sequence) {
        var index = publisher - hearer.first();
        var isOvertaken = sequence < last[index];
        last[index] = sequence;
        return isOvertaken;
    }

    @Override
    public void onBroken(String reason) {
        // A broker may close a client that does not read.
        if (hearer.isReading()) {
            worker.onBroken(clientId, reason);
        }
        worker.opener().onBroken(clientId + ": " + reason);
    }

    @Override
    public void onAcknowledged() {
        throw new IllegalStateException("an acknowledgement to a subscriber that has published nothing");
    }

    @Override
    public void onUnsubscribed() {
        throw new IllegalStateException("UNSUBACK to a subscriber that has not unsubscribed");
    }
}
