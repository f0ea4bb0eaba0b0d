package io.meridianmq.core.lane;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.LaneKey;

/** What a destination knows of one lane: how far it has come, and what it owes the source. */
final class LaneReceiver {

    private static final long NOWHERE = -1;

    private final LaneKey lane;
    private final long custody;

    /** Highest number accepted, or below a floor that arrived. */
    private long mark;

    private final Settled settled = new Settled();

    /** The mark at which the source was last told to go back, so that a window of frames behind a gap asks once. */
    private long gapToldAt = NOWHERE;

    private boolean gapOwed;
    private boolean ackOwed;
    private boolean refused;
    private long usedNanos;

    LaneReceiver(LaneKey lane, long custody) {
        this.lane = lane;
        this.custody = custody;
    }

    Verdict onData(long floor, long number, boolean capacity, boolean settles, long nowNanos) {
        usedNanos = nowNanos;
        mark = Math.max(mark, floor - 1);
        settled.upTo(floor - 1);
        // Also behind a gap that was reported: its report may be lost.
        ackOwed = true;
        if (number <= mark) {
            return Verdict.DUPLICATE;
        }
        if (number > mark + 1) {
            if (gapToldAt != mark) {
                gapToldAt = mark;
                gapOwed = true;
            }
            return Verdict.GAP;
        }
        if (!capacity) {
            refused = true;
            gapToldAt = mark; // Going back at once would only be refused again.
            return Verdict.REFUSED;
        }
        refused = false;
        mark = number;
        if (settles) {
            settled.add(number);
        }
        return Verdict.ACCEPTED;
    }

    /** Nothing is left to do for a number. Those never accepted by this receiver say nothing. */
    void onSettled(long number) {
        if (number <= mark && settled.add(number)) {
            ackOwed = true;
        }
    }

    /** There is room again: makes the source send a refused number now rather than at its next timeout. */
    void onRoom() {
        if (refused) {
            refused = false;
            gapOwed = true;
            ackOwed = true;
        }
    }

    boolean owesAck() {
        return ackOwed;
    }

    /** The acknowledgement owed, which then is owed no longer. */
    Frame.LaneAck takeAck() {
        assert ackOwed;
        var ack = new Frame.LaneAck(lane, custody, mark, settled.highest(), gapOwed, 0);
        ackOwed = false;
        gapOwed = false;
        return ack;
    }

    LaneKey lane() {
        return lane;
    }

    long usedNanos() {
        return usedNanos;
    }
}
