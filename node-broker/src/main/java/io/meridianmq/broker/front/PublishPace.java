package io.meridianmq.broker.front;

import io.meridianmq.broker.limit.Allowance;
import java.util.Optional;

/** How fast one client publishes, beside how fast it may. Belongs to the connection's loop. */
final class PublishPace {

    private final Optional<Allowance> packets;
    private final Optional<Allowance> bytes;

    private PublishPace(Optional<Allowance> packets, Optional<Allowance> bytes) {
        this.packets = packets;
        this.bytes = bytes;
    }

    /** For a new client; empty if it may publish as fast as it can. */
    static Optional<PublishPace> of(ClientLimits limits, long nowNanos) {
        if (limits.publishRate() == 0 && limits.publishBytesRate() == 0) {
            return Optional.empty();
        }
        return Optional.of(new PublishPace(
                allowance(limits.publishRate(), nowNanos), allowance(limits.publishBytesRate(), nowNanos)));
    }

    /** A PUBLISH has come; true if it was one too many. */
    boolean isTooFast(int packetBytes, long nowNanos) {
        packets.ifPresent(allowance -> allowance.take(1, nowNanos));
        bytes.ifPresent(allowance -> allowance.take(packetBytes, nowNanos));
        return !isWithin(nowNanos);
    }

    /** Whether the client is within its rate, at last or all the time. */
    boolean isWithin(long nowNanos) {
        return isPaid(packets, nowNanos) && isPaid(bytes, nowNanos);
    }

    private static boolean isPaid(Optional<Allowance> allowance, long nowNanos) {
        return allowance.isEmpty() || allowance.get().debtNanos(nowNanos) == 0;
    }

    private static Optional<Allowance> allowance(long perSecond, long nowNanos) {
        return perSecond == 0 ? Optional.empty() : Optional.of(new Allowance(perSecond, nowNanos));
    }
}
