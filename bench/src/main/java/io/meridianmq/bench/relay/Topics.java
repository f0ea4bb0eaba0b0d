package io.meridianmq.bench.relay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who wants which topic. Owned by the relay's only loop; {@link #missed} may be read by others once that has ended. */
final class Topics {

    private final Map<String, List<Connection>> subscribers = new HashMap<>();
    private int version;
    private long missed;

    /** Changes whenever an answer of {@link #subscribers} may have changed. */
    int version() {
        return version;
    }

    /** The subscribers of a topic: valid as long as the {@link #version} is the same. */
    List<Connection> subscribers(String topic) {
        return subscribers.getOrDefault(topic, List.of());
    }

    void subscribe(String topic, Connection connection) {
        var connections = subscribers.computeIfAbsent(topic, _ -> new ArrayList<>());
        if (!connections.contains(connection)) {
            connections.add(connection);
            version++;
        }
    }

    void unsubscribe(String topic, Connection connection) {
        version++;
        subscribers.computeIfPresent(topic, (_, connections) -> {
            connections.remove(connection);
            return connections.isEmpty() ? null : connections;
        });
    }

    void countMissed() {
        missed++;
    }

    long missed() {
        return missed;
    }
}
