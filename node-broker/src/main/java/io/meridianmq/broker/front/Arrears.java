package io.meridianmq.broker.front;

import io.meridianmq.broker.limit.ReadAhead;
import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.PublishPacket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjIntConsumer;

/**
 * Packets that a client sent behind its CONNECT, without waiting for the answer; it may (section 3.1.4). Beyond a limit its
 * connection stops reading. Belongs to the connection's loop.
 */
final class Arrears {

    private record Arrear(Packet packet, int packetBytes) {}

    private final List<Arrear> arrears = new ArrayList<>(2);
    private int bytes;

    /** Keeps a packet; true if reading should stop. */
    boolean add(Packet packet, int packetBytes) {
        arrears.add(new Arrear(packet, packetBytes));
        bytes += packetBytes;
        return arrears.size() >= ReadAhead.PACKETS_MAX || bytes >= ReadAhead.BYTES_MAX;
    }

    /** Hands all of them over, in order. */
    void drainTo(ObjIntConsumer<Packet> consumer) {
        var all = List.copyOf(arrears);
        arrears.clear();
        all.forEach(arrear -> consumer.accept(arrear.packet, arrear.packetBytes));
    }

    /** The client is refused, or gone: they are not processed. [MQTT-3.1.4-6] [MQTT3-3.1.4-5] */
    void release() {
        drainTo((packet, _) -> {
            if (packet instanceof PublishPacket publish) {
                publish.release();
            }
        });
    }
}
