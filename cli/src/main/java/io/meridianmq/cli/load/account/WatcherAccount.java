package io.meridianmq.cli.load.account;

import java.util.ArrayList;
import java.util.List;

/** What one watcher has got and missed, for each QoS of the publishes, and when it was away. Belongs to the {@link Ledger}. */
final class WatcherAccount {

    /** Absences that are told apart; further ones prolong the last. */
    static final int ABSENCES_MAX = 100;

    private final String name;
    private final long[] received = new long[3];
    private final long[] repeated = new long[3];
    private final long[] repeatedToNext = new long[3];
    private final long[] outOfOrder = new long[3];
    private final long[] overtaken = new long[3];
    private final long[] late = new long[3];
    private final long[] lost = new long[3];
    private final long[] missedAway = new long[3];
    private final List<LossTimes> lossTimes = List.of(new LossTimes(), new LossTimes(), new LossTimes());
    private final List<Absence> absences = new ArrayList<>();
    private long heardMillis;
    private long sessionSinceMillis;
    private boolean isAway;

    WatcherAccount(String name) {
        this.name = name;
    }

    void heard(long nowMillis) {
        heardMillis = nowMillis;
    }

    void away(long lastHeardMillis, long nowMillis) {
        isAway = true;
        if (absences.size() < ABSENCES_MAX) {
            absences.add(new Absence(lastHeardMillis, nowMillis, Long.MAX_VALUE, false));
        } else {
            var last = absences.removeLast();
            absences.add(new Absence(last.heardMillis(), last.fromMillis(), Long.MAX_VALUE, false));
        }
    }

    void back(boolean isSessionKept, long nowMillis) {
        isAway = false;
        heardMillis = nowMillis;
        if (!isSessionKept) {
            sessionSinceMillis = nowMillis;
        }
        var open = absences.removeLast();
        absences.add(new Absence(open.heardMillis(), open.fromMillis(), nowMillis, isSessionKept));
    }

    boolean isAway() {
        return isAway;
    }

    /** From when on something that was concluded then is given up if it has not come. */
    long deadlineMillis(long concludedMillis, long graceMillis) {
        var since = absences.isEmpty() || isAway
                ? concludedMillis
                : Math.max(concludedMillis, absences.getLast().toMillis());
        return since + graceMillis;
    }

    /** Whether the watcher has been heard of since then, so that what did not come will not come. */
    boolean isHeardSince(long deadlineMillis) {
        return !isAway && heardMillis >= deadlineMillis;
    }

    /**
     * Whether a message that did not come was on its way, or to be sent, when the watcher could not get it.
     *
     * @param graceMillis how long messages are on their way at most
     */
    boolean isExcused(int qos, long sentMillis, long concludedMillis, long graceMillis) {
        for (var absence : absences) {
            var couldNotKeep = qos == 0 || !absence.isSessionKept();
            var isBefore = concludedMillis + graceMillis < absence.heardMillis();
            var isBehind =
                    absence.toMillis() != Long.MAX_VALUE && sentMillis > absence.toMillis() + Ledger.EFFECTIVE_MILLIS;
            if (couldNotKeep && !isBefore && !isBehind) {
                return true;
            }
        }
        return false;
    }

    void received(int qos, Stream.Order order) {
        received[qos]++;
        switch (order) {
            case IN_ORDER -> {}
            case OUT_OF_ORDER -> outOfOrder[qos]++;
            case OVERTAKEN -> overtaken[qos]++;
        }
    }

    /** @param publishedMillis when it was published first */
    void repeated(int qos, long publishedMillis) {
        if (publishedMillis >= sessionSinceMillis) {
            repeated[qos]++;
        } else {
            repeatedToNext[qos]++;
        }
    }

    void lost(int qos, long sentMillis) {
        lost[qos]++;
        lossTimes.get(qos).add(sentMillis);
    }

    void missedAway(int qos) {
        missedAway[qos]++;
    }

    /** Something came that had been given up. */
    void arrivedLate(int qos) {
        received[qos]++;
        late[qos]++;
    }

    /** Takes back {@link #lost}. */
    void notLost(int qos, long sentMillis) {
        lost[qos]--;
        lossTimes.get(qos).remove(sentMillis);
    }

    /** Takes back {@link #missedAway}. */
    void notMissedAway(int qos) {
        missedAway[qos]--;
    }

    WatcherTotals totals() {
        var byQos = new ArrayList<Deliveries>();
        for (var qos = 0; qos <= 2; qos++) {
            byQos.add(new Deliveries(
                    received[qos],
                    late[qos],
                    repeated[qos],
                    repeatedToNext[qos],
                    outOfOrder[qos],
                    overtaken[qos],
                    lost[qos],
                    missedAway[qos],
                    lossTimes.get(qos).spans()));
        }
        return new WatcherTotals(name, byQos, absences);
    }
}
