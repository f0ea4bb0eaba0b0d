package io.meridianmq.broker.front;

import java.util.ArrayList;
import java.util.List;

/**
 * Looks at every connection of a loop a few times a second, which costs an idle connection less than a timer of its own.
 * Belongs to the loop.
 */
public final class ConnectionSweep {

    private final List<Connection> connections = new ArrayList<>();

    void add(Connection connection) {
        connection.sweepPosition(connections.size());
        connections.add(connection);
    }

    void remove(Connection connection) {
        var last = connections.removeLast();
        if (last.sweepPosition() != connection.sweepPosition()) {
            connections.set(connection.sweepPosition(), last);
            last.sweepPosition(connection.sweepPosition());
        }
    }

    /** How many connections there are, whether their clients have sent CONNECT or not. */
    public int size() {
        return connections.size();
    }

    /** Asks so many clients to leave, as far as there are as many. */
    public void askToLeave(int count) {
        var left = count;
        for (var i = connections.size() - 1; i >= 0 && left > 0; i--) {
            if (connections.get(i).askToLeave()) {
                left--;
            }
        }
    }

    /** Ends the connections that have been silent for too long. */
    public void tick(long nowNanos) {
        // Backwards, so that one that goes during its turn makes room for one that had it.
        for (var i = connections.size() - 1; i >= 0; i--) {
            connections.get(i).tick(nowNanos);
        }
    }
}
