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

    /** Connections that broke after they had been of use. */
    long connectionsLost() {
        return connectionsLost;
    }

    /** Who had the last one, and what it was. */
    Optional<String> last() {
        return Optional.ofNullable(last);
    }
}
