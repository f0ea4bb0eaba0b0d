package io.meridianmq.broker.front;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Packets and bytes that the connections of one loop have exchanged with their clients. Counted by the loop alone, without
 * atomic operations; read by any thread.
 */
public final class Traffic {

    private static final VarHandle PACKETS_RECEIVED = field("packetsReceived");
    private static final VarHandle BYTES_RECEIVED = field("bytesReceived");
    private static final VarHandle PACKETS_SENT = field("packetsSent");
    private static final VarHandle BYTES_SENT = field("bytesSent");

    private long packetsReceived;
    private long bytesReceived;
    private long packetsSent;
    private long bytesSent;

    private static VarHandle field(String name) {
        try {
            return MethodHandles.lookup().findVarHandle(Traffic.class, name, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    void received(int bytes) {
        PACKETS_RECEIVED.setOpaque(this, packetsReceived + 1);
        BYTES_RECEIVED.setOpaque(this, bytesReceived + bytes);
    }

    void sent(int bytes) {
        PACKETS_SENT.setOpaque(this, packetsSent + 1);
        BYTES_SENT.setOpaque(this, bytesSent + bytes);
    }

    public long packetsReceived() {
        return (long) PACKETS_RECEIVED.getOpaque(this);
    }

    public long bytesReceived() {
        return (long) BYTES_RECEIVED.getOpaque(this);
    }

    public long packetsSent() {
        return (long) PACKETS_SENT.getOpaque(this);
    }

    public long bytesSent() {
        return (long) BYTES_SENT.getOpaque(this);
    }
}
