package io.meridianmq.cli.load;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What went wrong with connections. Belongs to the event loop. Times are milliseconds since the run began. */
final class Troubles {

    /** Outages that are told one by one; of further ones only the connections are counted. */
    private static final int OUTAGES_MAX = 32;

    private final List<Outage> outages = new ArrayList<>();
    private final Set<String> away = new HashSet<>();
    private @Nullable String last;
    private long connectionsLost;
    private long awaySinceMillis;
    private int lostSince;

    void connectionLost(String client, String reason, long nowMillis) {
        connectionsLost++;
        last = client + ": " + reason;
        if (away.isEmpty()) {
            awaySinceMillis = nowMillis;
            lostSince = 0;
        }
        away.add(client);
        lostSince++;
    }

    /** A client is connected and subscribed, for the first time or again. */
    void connected(String client, long nowMillis) {
        if (away.remove(client) && away.isEmpty() && outages.size() < OUTAGES_MAX) {
            outages.add(new Outage(awaySinceMillis, nowMillis, lostSince));
        }
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

    /** When not everybody was connected, the earliest first; the last one may go on. */
    List<Outage> outages() {
        var all = new ArrayList<>(outages);
        if (!away.isEmpty()) {
            all.add(new Outage(awaySinceMillis, Long.MAX_VALUE, lostSince));
        }
        return List.copyOf(all);
    }

    /** What it was the last time, and who had it. */
    Optional<String> last() {
        return Optional.ofNullable(last);
    }
}
