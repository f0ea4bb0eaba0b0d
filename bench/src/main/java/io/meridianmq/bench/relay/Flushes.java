package io.meridianmq.bench.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** The connections that were written to: each is flushed once when the loop has read from all that were ready. */
final class Flushes implements Runnable {

    private final Executor atEndOfIteration;
    private final List<Connection> written = new ArrayList<>();

    /** @param atEndOfIteration runs what it is given when the loop's present iteration ends */
    Flushes(Executor atEndOfIteration) {
        this.atEndOfIteration = atEndOfIteration;
    }

    /** Takes a connection that was written to for the first time since its last flush. */
    void add(Connection connection) {
        written.add(connection);
        if (written.size() == 1) {
            atEndOfIteration.execute(this);
        }
    }

    @Override
    public void run() {
        for (var i = 0; i < written.size(); i++) {
            written.get(i).flush();
        }
        written.clear();
    }
}
