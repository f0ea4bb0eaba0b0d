package io.meridianmq.broker.limit;

import io.meridianmq.broker.packet.ReasonCode;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Decides which new connections a node takes: how many at once, from one address, and in a second. One that it does not
 * take is let in to be told so when it has sent CONNECT, as long as few are told; the others are closed at once. Any
 * thread.
 */
public final class Entrance {

    /** Connections that may be on their way to being told that they are refused. */
    static final int TOLD_AT_ONCE_MAX = 1_000;

    /** Connections that are told so in a second. */
    static final int TOLD_PER_SECOND_MAX = 100;

    private static final int NETWORK_BYTES = 8;

    private final Places node;
    private final Places told = new Places(() -> TOLD_AT_ONCE_MAX);
    private final int perAddressMax;
    private final LongSupplier nanoClock;

    /** Both are taken from under this object's lock. */
    private final Optional<Allowance> rate;

    private final Allowance tellingRate;
    private final Map<Object, Integer> byAddress = new ConcurrentHashMap<>();
    private final Map<Reason, LongAdder> refused = new EnumMap<>(Reason.class);

    /** Why a connection is not taken. */
    public enum Reason {
        /** The node has as many as it may. */
        NODE(ReasonCode.QUOTA_EXCEEDED),
        /** The listener has. */
        LISTENER(ReasonCode.QUOTA_EXCEEDED),
        /** There are as many from its address as there may be. */
        ADDRESS(ReasonCode.QUOTA_EXCEEDED),
        /** Too many came in the last second. */
        RATE(ReasonCode.CONNECTION_RATE_EXCEEDED);

        private final ReasonCode code;

        Reason(ReasonCode code) {
            this.code = code;
        }

        /** What the client is told. */
        public ReasonCode code() {
            return code;
        }
    }

    /**
     * Without visitors.
     *
     * @param connectionsMax at once, asked for each new one
     * @param perAddressMax at once from one IPv4 address, or one IPv6 network of 64 bits; 0 for any number
     * @param perSecondMax in one second; 0 for any number
     * @param nanoClock monotonic
     */
    public Entrance(IntSupplier connectionsMax, int perAddressMax, int perSecondMax, LongSupplier nanoClock) {
        this.node = new Places(connectionsMax);
        this.perAddressMax = perAddressMax;
        this.nanoClock = nanoClock;
        this.rate =
                perSecondMax == 0 ? Optional.empty() : Optional.of(new Allowance(perSecondMax, nanoClock.getAsLong()));
        this.tellingRate = new Allowance(TOLD_PER_SECOND_MAX, nanoClock.getAsLong());
        for (var reason : Reason.values()) {
            refused.put(reason, new LongAdder());
        }
    }

    /** A new connection to the listener that has these places. */
    public Visit enter(Places listener) {
        var visit = new Visit(this, listener);
        if (!isWithinRate()) {
            visit.refuse(Reason.RATE);
        } else if (!node.tryTake()) {
            visit.refuse(Reason.NODE);
        } else if (!listener.tryTake()) {
            node.giveBack();
            visit.refuse(Reason.LISTENER);
        } else {
            visit.takesPlace();
        }
        return visit;
    }

    /** How many connections there are that were taken. */
    public int open() {
        return node.taken();
    }

    /** How many were not. */
    public long refused(Reason reason) {
        return count(reason).sum();
    }

    private synchronized boolean isWithinRate() {
        return rate.isEmpty() || rate.get().tryTake(nanoClock.getAsLong());
    }

    /** Counts a refusal; true, and a place is taken, if the client can be told. */
    boolean refuse(Reason reason) {
        count(reason).increment();
        if (!told.tryTake()) {
            return false;
        }
        synchronized (this) {
            if (tellingRate.tryTake(nanoClock.getAsLong())) {
                return true;
            }
        }
        told.giveBack();
        return false;
    }

    void hasBeenTold() {
        told.giveBack();
    }

    void giveBack(Places listener) {
        listener.giveBack();
        node.giveBack();
    }

    /** Counts a connection for its address, if addresses are counted. */
    Counted count(InetAddress address) {
        if (perAddressMax == 0) {
            return Counted.NOT;
        }
        var key = networkOf(address);
        var now = byAddress.merge(key, 1, Integer::sum);
        if (now <= perAddressMax) {
            return new Counted(true, Optional.of(key));
        }
        forget(key);
        return new Counted(false, Optional.empty());
    }

    /**
     * What came of counting a connection for its address.
     *
     * @param isWithin whether there may be as many
     * @param key to {@link #forget} when it ends
     */
    record Counted(boolean isWithin, Optional<Object> key) {
        static final Counted NOT = new Counted(true, Optional.empty());
    }

    void forget(Object key) {
        byAddress.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1);
    }

    int addresses() {
        return byAddress.size();
    }

    /** One user of IPv6 has a whole network of addresses. */
    private static Object networkOf(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        var network = 0L;
        var bytes = address.getAddress();
        for (var i = 0; i < NETWORK_BYTES; i++) {
            network = (network << Byte.SIZE) | (bytes[i] & 0xFF);
        }
        return network;
    }

    private LongAdder count(Reason reason) {
        return Objects.requireNonNull(refused.get(reason));
    }
}
