package io.meridianmq.broker.limit;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The memory of a node for packets that have come in part: anybody may send all but the last byte of a large packet, over as
 * many connections as there may be. Any thread.
 */
public final class PartialPackets {

    /** What each connection may have without being counted: the network buffer that small packets come in. */
    public static final int UNCOUNTED_BYTES = 2 << 10;

    private final long bytesMax;
    private final AtomicLong bytes = new AtomicLong();
    private final LongAdder refused = new LongAdder();

    public PartialPackets(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** The part of one connection, which has nothing yet. */
    public Share share() {
        return new Share(this);
    }

    /** Bytes of all connections. */
    public long bytes() {
        return bytes.get();
    }

    /** How often there was no room for more. */
    public long refused() {
        return refused.sum();
    }

    private boolean tryAdd(long more) {
        if (bytes.addAndGet(more) <= bytesMax) {
            return true;
        }
        bytes.addAndGet(-more);
        refused.increment();
        return false;
    }

    /** What one connection has of it. Belongs to the connection's loop. */
    public static final class Share {

        private final PartialPackets all;
        private long counted;

        private Share(PartialPackets all) {
            this.all = all;
        }

        /**
         * A part of a packet has come, and the rest has not; false if there is no room for it.
         *
         * @param bufferBytes what the part takes, which is more than it has
         */
        public boolean hold(int bufferBytes) {
            var wanted = bufferBytes <= UNCOUNTED_BYTES ? 0 : bufferBytes;
            if (wanted > counted && !all.tryAdd(wanted - counted)) {
                return false;
            }
            if (wanted < counted) {
                all.bytes.addAndGet(wanted - counted);
            }
            counted = wanted;
            return true;
        }

        /** The packet is complete, or will never be. */
        public void release() {
            hold(0);
        }
    }
}
