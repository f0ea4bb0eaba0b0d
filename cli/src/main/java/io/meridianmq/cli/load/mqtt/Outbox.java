package io.meridianmq.cli.load.mqtt;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The QoS 1 and 2 publishes of one client: those in flight, in the order in which they were sent, and those that wait for
 * a connection or for room in the broker's window. At most {@value #WAITING_MAX} wait.
 */
final class Outbox {

    static final int WAITING_MAX = 100;

    private static final int PACKET_IDENTIFIER_MAX = 65_535;

    private final Map<Integer, Outgoing> inFlight = new LinkedHashMap<>();
    private final ArrayDeque<Outgoing> waiting = new ArrayDeque<>();
    private int lastPacketIdentifier;

    boolean hasRoom() {
        return waiting.size() < WAITING_MAX;
    }

    void add(Publish publish) {
        waiting.addLast(new Outgoing(publish));
    }

    boolean isEmpty() {
        return inFlight.isEmpty() && waiting.isEmpty();
    }

    /** The next one to send, now in flight; empty if none waits or {@code window} are in flight. */
    Optional<Outgoing> next(int window) {
        if (waiting.isEmpty() || inFlight.size() >= window) {
            return Optional.empty();
        }
        var next = waiting.removeFirst();
        next.assign(freePacketIdentifier());
        inFlight.put(next.packetIdentifier(), next);
        return Optional.of(next);
    }

    /** In the order in which they were sent. */
    Collection<Outgoing> inFlight() {
        return List.copyOf(inFlight.values());
    }

    Optional<Outgoing> inFlight(int packetIdentifier) {
        return Optional.ofNullable(inFlight.get(packetIdentifier));
    }

    void remove(Outgoing done) {
        inFlight.remove(done.packetIdentifier());
    }

    /**
     * The broker has forgotten the session: QoS 1 publishes in flight wait again, before the others; QoS 2 ones are
     * removed, since another attempt might be another message.
     *
     * @return the QoS 2 ones that had not been acknowledged
     */
    List<Outgoing> restart() {
        var abandoned = new ArrayList<Outgoing>();
        for (var each : new ArrayList<>(inFlight.values()).reversed()) {
            if (each.publish().qos() == 1) {
                waiting.addFirst(each);
            } else if (!each.isReleased()) {
                abandoned.addFirst(each);
            }
        }
        inFlight.clear();
        return abandoned;
    }

    private int freePacketIdentifier() {
        do {
            lastPacketIdentifier = lastPacketIdentifier % PACKET_IDENTIFIER_MAX + 1;
        } while (inFlight.containsKey(lastPacketIdentifier));
        return lastPacketIdentifier;
    }
}
