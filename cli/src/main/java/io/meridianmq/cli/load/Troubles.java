package io.meridianmq.cli.load;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What went wrong with connections. Belongs to the event loop. */
final class Troubles {

    private @Nullable String last;
    private long connectionsLost;

    void connectionLost(String client, String reason) {
        connectionsLost++;
        last = client + ": " + reason;
    }

    void attemptFailed(String client, String reason) {
        last = client + ": " + reason;
    }

    /** So many devices were not heard everywhere before the run began. */
    void notHeard(int devices) {
        last = devices + " devices were not heard everywhere before the run";
    }

    /** Connections that broke after they had been of use. */
    long connectionsLost() {
        return connectionsLost;
    }

    /** What it was the last time, and who had it. */
    Optional<String> last() {
        return Optional.ofNullable(last);
    }
}
