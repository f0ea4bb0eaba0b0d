package io.meridianmq.cli.load.account;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Follows every message of a fleet from its publishing to each watcher.
 *
 * <p>A device numbers its messages from 0, separately for each QoS. A message is <em>decided</em> when all watchers have it,
 * or when a grace time after the publisher's last word on it is over and the watchers that miss it have been heard of
 * since: then it is lost for these, unless they were away and could not get it. What comes after that is counted as late,
 * and no longer as lost. Only undecided messages are kept one by one, at most {@value #OPEN_MAX} in all and
 * {@value Stream#OPEN_MAX} of one device and QoS.
 *
 * <p>All times are milliseconds since the run began. Belongs to one thread.
 */
public final class Ledger {

    /**
     * How long after its SUBACK a subscription is taken to be unknown in other zones and regions: SUBACK waits for the nodes
     * of the zone, and a digest may wait for a second before it leaves.
     */
    public static final long EFFECTIVE_MILLIS = 1_500;

    /** Watchers are bits of a mask. */
    static final int WATCHERS_MAX = 16;

    /** Undecided messages in all, at about 40 bytes each. */
    static final int OPEN_MAX = 1_000_000;

    private static final int QOS_COUNT = 3;

    private final long graceMillis;
    private final @Nullable Stream[] streams;
    private final List<WatcherAccount> watchers;
    private final Missed missed = new Missed();
    private final long[] notSent = new long[QOS_COUNT];
    private final long[] sent = new long[QOS_COUNT];
    private final long[] acknowledged = new long[QOS_COUNT];
    private final long[] refused = new long[QOS_COUNT];
    private final long[] unknown = new long[QOS_COUNT];
    private final long[] waiting = new long[QOS_COUNT];
    private long open;
    private long neverSent;

    /**
     * @param devices how many there are, numbered from 0
     * @param watchers their names, at most {@value #WATCHERS_MAX}
     * @param graceMillis how long a message may be on its way until it is given up
     */
    public Ledger(int devices, List<String> watchers, long graceMillis) {
        if (watchers.size() > WATCHERS_MAX) {
            throw new IllegalArgumentException(watchers.size() + " watchers: at most " + WATCHERS_MAX);
        }
        this.graceMillis = graceMillis;
        this.streams = new Stream[devices * QOS_COUNT];
        this.watchers = watchers.stream().map(WatcherAccount::new).toList();
    }

    /** Whether one more message of the device could be followed; if not, it must not be sent. */
    public boolean hasRoom(int device, int qos) {
        return open < OPEN_MAX && !stream(device, qos).isFull();
    }

    /** Gives the next message of a device its number. Only if it {@link #hasRoom}. */
    public long plan(int device, int qos) {
        open++;
        return stream(device, qos).add(new Message((1 << watchers.size()) - 1));
    }

    /** A message that was to be sent and never got a number: there was no connection, or too much waited. */
    public void notSent(int qos) {
        notSent[qos]++;
    }

    /**
     * A message went to the broker, for the first time or again.
     *
     * @param connection number of the device's connection
     */
    public void sent(int device, int qos, long number, int connection, long nowMillis) {
        var message = stream(device, qos).message(number);
        if (message.state() == Message.State.PLANNED) {
            sent[qos]++;
            if (qos > 0) {
                waiting[qos]++;
            }
        }
        message.sent(connection, nowMillis);
    }

    /** The broker has taken a message over (PUBACK, PUBREC): from now on it must not get lost. */
    public void acknowledged(int device, int qos, long number, long nowMillis) {
        conclude(device, qos, number, Message.State.ACKNOWLEDGED, acknowledged, nowMillis);
    }

    /** The broker has refused a message, and its publisher knows. */
    public void refused(int device, int qos, long number, long nowMillis) {
        conclude(device, qos, number, Message.State.REFUSED, refused, nowMillis);
    }

    /** The publisher gives a message up that it has sent, and does not know whether it arrived. */
    public void abandoned(int device, int qos, long number, long nowMillis) {
        conclude(device, qos, number, Message.State.UNKNOWN, unknown, nowMillis);
    }

    private void conclude(int device, int qos, long number, Message.State end, long[] counter, long nowMillis) {
        stream(device, qos).message(number).conclude(end, nowMillis);
        counter[qos]++;
        waiting[qos]--;
    }

    /** Something, whatever it was, came on the watcher's connection. */
    public void heard(int watcher, long nowMillis) {
        watchers.get(watcher).heard(nowMillis);
    }

    /** A watcher's connection broke. */
    public void away(int watcher, long lastHeardMillis, long nowMillis) {
        watchers.get(watcher).away(lastHeardMillis, nowMillis);
    }

    /** A watcher that was {@link #away} is subscribed again. */
    public void back(int watcher, boolean isSessionKept, long nowMillis) {
        watchers.get(watcher).back(isSessionKept, nowMillis);
    }

    /**
     * A message came to a watcher.
     *
     * @param qos that it was published with
     * @param publishedMillis when it was published, as it says itself
     */
    public Arrival received(int watcher, int device, int qos, long number, long publishedMillis) {
        var stream = stream(device, qos);
        var account = watchers.get(watcher);
        if (number < 0 || number >= stream.next()) {
            neverSent++;
            return Arrival.NEVER_SENT;
        }
        if (stream.isOpen(number) && stream.message(number).isMissingAt(watcher)) {
            account.received(qos, stream.arrived(watcher, number));
            return Arrival.FIRST;
        }
        var entry = missed.arrived(streamIndex(device, qos), number, watcher);
        if (entry.isEmpty()) {
            account.repeated(qos, publishedMillis);
            return Arrival.AGAIN;
        }
        account.arrivedLate(qos);
        if ((entry.get().lostAt() & 1 << watcher) != 0) {
            account.notLost(qos, entry.get().sentMillis());
        } else if ((entry.get().awayAt() & 1 << watcher) != 0) {
            account.notMissedAway(qos);
        }
        return Arrival.LATE;
    }

    /** A message on one of the topics of the fleet that cannot be understood. */
    public void notUnderstood() {
        neverSent++;
    }

    /** Decides what can be decided now. To be called about once a second. */
    public void settle(long nowMillis) {
        forEachStream((stream, index) -> {
            while (stream.base() < stream.next() && isDecidable(stream.message(stream.base()), index, nowMillis)) {
                decide(stream, index);
            }
        });
    }

    private boolean isDecidable(Message message, int streamIndex, long nowMillis) {
        var isPending = message.state() == Message.State.PLANNED
                || (message.state() == Message.State.SENT && streamIndex % QOS_COUNT > 0);
        if (isPending) {
            return false;
        }
        for (var watcher = 0; watcher < watchers.size(); watcher++) {
            if (message.isMissingAt(watcher)) {
                var account = watchers.get(watcher);
                var deadline = account.deadlineMillis(message.concludedMillis(), graceMillis);
                if (nowMillis < deadline || !account.isHeardSince(deadline)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The run is over: decides everything. What was not acknowledged will not be any more. */
    public void close(long nowMillis) {
        settle(nowMillis);
        forEachStream((stream, index) -> {
            while (stream.base() < stream.next()) {
                giveUp(stream.message(stream.base()), index % QOS_COUNT, nowMillis);
                decide(stream, index);
            }
        });
    }

    private void giveUp(Message message, int qos, long nowMillis) {
        switch (message.state()) {
            case PLANNED -> {
                notSent[qos]++;
                message.conclude(Message.State.UNKNOWN, nowMillis);
            }
            case SENT -> {
                if (qos > 0) {
                    unknown[qos]++;
                    waiting[qos]--;
                    message.conclude(Message.State.UNKNOWN, nowMillis);
                }
            }
            case ACKNOWLEDGED, REFUSED, UNKNOWN -> {}
        }
    }

    /** Counts the oldest message of a stream for those that miss it, and forgets it. */
    private void decide(Stream stream, int index) {
        var message = stream.message(stream.base());
        if (!message.isComplete()) {
            missed.add(index, stream.base(), countMissing(message, index % QOS_COUNT));
        }
        stream.decided();
        open--;
    }

    private Missed.Entry countMissing(Message message, int qos) {
        var missingAt = 0;
        var lostAt = 0;
        var awayAt = 0;
        for (var watcher = 0; watcher < watchers.size(); watcher++) {
            if (message.isMissingAt(watcher)) {
                var bit = 1 << watcher;
                missingAt |= bit;
                var account = watchers.get(watcher);
                if (!isOwed(message.state())) {
                    continue;
                }
                if (account.isExcused(qos, message.sentMillis(), message.concludedMillis(), graceMillis)) {
                    account.missedAway(qos);
                    awayAt |= bit;
                } else {
                    account.lost(qos, message.sentMillis());
                    lostAt |= bit;
                }
            }
        }
        return new Missed.Entry(message.sentMillis(), missingAt, lostAt, awayAt);
    }

    /** Whether watchers could count on it. */
    private static boolean isOwed(Message.State state) {
        return switch (state) {
            case SENT, ACKNOWLEDGED -> true;
            case PLANNED, REFUSED, UNKNOWN -> false;
        };
    }

    /** Whether nothing is undecided. */
    public boolean isSettled() {
        return open == 0;
    }

    /** The account as it stands. */
    public Totals totals() {
        return new Totals(
                IntStream.range(0, QOS_COUNT)
                        .mapToObj(qos -> new Publishes(
                                notSent[qos], sent[qos], acknowledged[qos], refused[qos], unknown[qos], waiting[qos]))
                        .toList(),
                watchers.stream().map(WatcherAccount::totals).toList(),
                neverSent);
    }

    private Stream stream(int device, int qos) {
        var index = streamIndex(device, qos);
        var stream = streams[index];
        if (stream == null) {
            stream = new Stream(watchers.size());
            streams[index] = stream;
        }
        return stream;
    }

    private static int streamIndex(int device, int qos) {
        return device * QOS_COUNT + qos;
    }

    private void forEachStream(StreamAction action) {
        for (var index = 0; index < streams.length; index++) {
            var stream = streams[index];
            if (stream != null) {
                action.accept(stream, index);
            }
        }
    }

    private interface StreamAction {
        void accept(Stream stream, int index);
    }
}
