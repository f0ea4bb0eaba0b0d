package io.meridianmq.core.lane;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.LaneKey;

/** What a destination knows of one lane: how far it has come, and what it owes the source. */
final class LaneReceiver {

    private static final long NOWHERE = -1;

    private final LaneKey lane;
    private final long custody;

    /** Highest number accepted, or below a floor that arrived. */
    private long accepted;

    /** Accepted numbers that are not kept yet, those that could not be kept included: the mark stays below them. */
    private final Numbers unkept = new Numbers();

    /** Those that could not be kept: they are taken again, in order, before anything new. */
    private final Numbers refusedByDisk = new Numbers();

    private final Settled settled = new Settled();

    /** What was accepted when the source was last told to go back, so that a window of frames behind a gap asks once. */
    private long gapToldAt = NOWHERE;

    private boolean gapOwed;
    /** Whether an acknowledgement is owed even if it says nothing new. */
    private boolean answerOwed;

    private long markTold;
    private long settledTold;
    private boolean refused;
    private long usedNanos;

    LaneReceiver(LaneKey lane, long custody) {
        this.lane = lane;
        this.custody = custody;
    }

    Verdict onData(long floor, long number, boolean capacity, boolean settles, long nowNanos) {
        usedNanos = nowNanos;
        skipTo(floor);
        if (number <= accepted) {
            return number == nextToKeepAgain() ? keepAgain(number, capacity) : duplicate();
        }
        if (number > accepted + 1 || !refusedByDisk.isEmpty()) {
            if (gapToldAt != accepted) {
                gapToldAt = accepted;
                gapOwed = true;
            }
            answerOwed = true; // Also behind a gap that was reported: its report may be lost.
            return Verdict.GAP;
        }
        if (!capacity) {
            return refuse();
        }
        refused = false;
        accepted = number;
        if (settles) {
            settled.add(number);
        }
        return Verdict.ACCEPTED;
    }

    private void skipTo(long floor) {
        accepted = Math.max(accepted, floor - 1);
        settled.upTo(floor - 1);
        unkept.removeBelow(floor);
        refusedByDisk.removeBelow(floor);
    }

    private long nextToKeepAgain() {
        return refusedByDisk.isEmpty() ? NOWHERE : refusedByDisk.lowest();
    }

    private Verdict keepAgain(long number, boolean capacity) {
        if (!capacity) {
            return refuse();
        }
        refused = false;
        refusedByDisk.remove(number);
        return Verdict.KEEP_AGAIN;
    }

    private Verdict duplicate() {
        answerOwed = true;
        return Verdict.DUPLICATE;
    }

    private Verdict refuse() {
        refused = true;
        gapToldAt = accepted; // Going back at once would only be refused again.
        answerOwed = true;
        return Verdict.REFUSED;
    }

    /** A number that was accepted last, or is to be kept again, is kept later. */
    void awaitKept(long number) {
        unkept.add(number);
    }

    /** A number is kept. */
    void onKept(long number) {
        unkept.remove(number);
        refusedByDisk.remove(number);
    }

    /** A number could not be kept: it is taken again when its source sends it again, and nothing behind it before. */
    void onNotKept(long number) {
        if (unkept.contains(number)) {
            refusedByDisk.add(number);
            gapToldAt = accepted; // Going back at once would probably fail again.
        }
    }

    /** Nothing is left to do for a number. Those never accepted by this receiver say nothing. */
    void onSettled(long number) {
        if (number <= accepted) {
            settled.add(number);
        }
    }

    /** There is room again: makes the source send a refused number now rather than at its next timeout. */
    void onRoom() {
        if (refused) {
            refused = false;
            gapOwed = true;
            answerOwed = true;
        }
    }

    boolean owesAck() {
        return answerOwed || mark() > markTold || settledMark() > settledTold;
    }

    /** The acknowledgement owed, which then is owed no longer. */
    Frame.LaneAck takeAck() {
        assert owesAck();
        markTold = mark();
        settledTold = settledMark();
        var ack = new Frame.LaneAck(lane, custody, markTold, settledTold, gapOwed, 0);
        answerOwed = false;
        gapOwed = false;
        return ack;
    }

    /** Everything up to here is accepted and kept. */
    private long mark() {
        return unkept.isEmpty() ? accepted : unkept.lowest() - 1;
    }

    private long settledMark() {
        return Math.min(settled.highest(), mark());
    }

    LaneKey lane() {
        return lane;
    }

    long usedNanos() {
        return usedNanos;
    }
}
