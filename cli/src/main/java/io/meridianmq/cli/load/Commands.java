package io.meridianmq.cli.load;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps account of the commands that were sent to devices, until each is answered or given up. A command that the broker
 * acknowledged, to a device that was subscribed all the time, from a commander that was, too, has to be answered: without
 * an answer it, or its reply, is lost.
 *
 * <p>No threads or clocks; times are {@link System#nanoTime()}. Belongs to one thread.
 */
final class Commands {

    /** In the payload of a command and of its reply. */
    static final String KEY = "\"command\":";

    /** Given up, and remembered in case the answer still comes. */
    private static final int GIVEN_UP_MAX = 10_000;

    private final long graceNanos;
    private final Latency roundTrip = new Latency();

    /** By number, in the order of their sending. */
    private final Map<Long, Command> open = new LinkedHashMap<>();

    private final Map<Long, Boolean> givenUpAsLost = new LinkedHashMap<>();

    private long sent;
    private long answered;
    private long unanswered;
    private long lost;

    private static final class Command {
        private final int device;
        private final String commander;
        private final long dueNanos;
        private boolean isAcknowledged;
        private boolean isExcused;

        private Command(int device, String commander, long dueNanos) {
            this.device = device;
            this.commander = commander;
            this.dueNanos = dueNanos;
        }
    }

    /**
     * What became of the commands.
     *
     * @param unanswered no answer came, and the command or its reply need not have arrived: it was not acknowledged, or the
     *     device or the commander lost its connection
     * @param lost no answer came, and it should have
     */
    record Tally(long sent, long answered, long unanswered, long lost) {}

    Commands(long graceNanos) {
        this.graceNanos = graceNanos;
    }

    /** Notes a command that is being sent; returns its number. */
    long send(int device, String commander, long dueNanos) {
        open.put(sent, new Command(device, commander, dueNanos));
        return sent++;
    }

    void acknowledged(long number) {
        var command = open.get(number);
        if (command != null) {
            command.isAcknowledged = true;
        }
    }

    void answered(long number, long nowNanos) {
        var command = open.remove(number);
        if (command != null) {
            answered++;
            roundTrip.record(nowNanos - command.dueNanos);
            return;
        }
        var wasLost = givenUpAsLost.remove(number);
        if (wasLost != null) {
            answered++;
            if (wasLost) {
                lost--;
            } else {
                unanswered--;
            }
        }
    }

    /** A device has lost its connection, and with it what was meant for it. */
    void deviceDown(int device) {
        open.values().stream().filter(command -> command.device == device).forEach(command -> command.isExcused = true);
    }

    /** A commander has lost its connection, and with it the replies that were meant for it. */
    void commanderDown(String commander) {
        open.values().stream()
                .filter(command -> command.commander.equals(commander))
                .forEach(command -> command.isExcused = true);
    }

    /** Gives up what has had no answer for the grace time. To be called about once a second. */
    void settle(long nowNanos) {
        for (Iterator<Map.Entry<Long, Command>> rest = open.entrySet().iterator(); rest.hasNext(); ) {
            var next = rest.next();
            if (nowNanos - next.getValue().dueNanos < graceNanos) {
                return;
            }
            rest.remove();
            giveUp(next.getKey(), next.getValue());
        }
    }

    private void giveUp(long number, Command command) {
        var isLost = command.isAcknowledged && !command.isExcused;
        if (isLost) {
            lost++;
        } else {
            unanswered++;
        }
        givenUpAsLost.put(number, isLost);
        if (givenUpAsLost.size() > GIVEN_UP_MAX) {
            givenUpAsLost.remove(givenUpAsLost.keySet().iterator().next());
        }
    }

    /** Whether none waits for its answer. */
    boolean isSettled() {
        return open.isEmpty();
    }

    Tally tally() {
        return new Tally(sent, answered, unanswered, lost);
    }

    /** From when a command was due to its reply. */
    Latency roundTrip() {
        return roundTrip;
    }
}
