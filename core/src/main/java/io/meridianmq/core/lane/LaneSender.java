package io.meridianmq.core.lane;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.LaneKey;
import io.meridianmq.core.link.Waybill;
import io.meridianmq.core.publication.Publication;

/**
 * The source of one lane: numbers publications, sends them until the destination has accepted them, and keeps them until
 * they are settled, for the case that another receiver has to take the place of the one that accepted them.
 *
 * <pre>
 *        base        acknowledged         sent
 *   -------|--- kept ------|--- in flight ---|--- queued ---|
 * </pre>
 *
 * <p>Owned by one thread. Times are readings of one monotonic nanosecond clock. Nothing is sent before the first {@link
 * #onPathRestored}, nor between {@link #onPathLost} and the next one. No method throws for what a peer sends.
 */
public final class LaneSender {

    /** The {@link #nextDeadlineNanos()} of a lane that waits for nothing. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    /** Where a lane's effects go. It does not call the sender back from within. */
    public interface Sink {

        /**
         * Sends one frame toward the destination.
         *
         * <p>The frame may use the publication's bytes until this returns; a sink that keeps it shares them and releases
         * its share. A frame that cannot be sent may be dropped: it is sent again.
         */
        void send(Frame.LaneData frame);

        /**
         * A receiver has taken the publication that was offered with {@code token} into its care, or none ever will. Called
         * once, in offer order.
         */
        void accepted(long token, Outcome outcome);

        /** The lane no longer holds the publication that was offered with {@code token}. Called once, after {@link #accepted}. */
        void released(long token);
    }

    /** How the wait for a publication's acceptance ended. */
    public enum Outcome {
        /** A receiver has placed it. */
        ACCEPTED,
        /** The destination ended before it was known to have placed it. */
        GONE
    }

    private final LaneKey lane;
    private final LaneSettings settings;
    private final Sink sink;
    private final RoundTrip roundTrip;
    private final Outstanding outstanding = new Outstanding();

    /** Every number up to this one is settled, or not kept any longer; the oldest entry outstanding has the next one. */
    private long base;
    /** Every number up to this one was accepted by the receiver that has the lane now. */
    private long acknowledged;
    /** Every number up to this one was accepted by some receiver. */
    private long acceptedEver;
    /** Numbers above {@link #acknowledged} up to this one are in flight. */
    private long sent;
    /** Highest number ever sent; between {@link #sent} and this are those waiting to be sent again. */
    private long sentEver;

    private long inFlightBytes;
    private long keptBytes;
    /** The receiver that has the lane, as far as is known; meaningless while nothing was acknowledged. */
    private long custody;

    /** Whether nobody waits for the destination: what is offered is accepted by being held here. */
    private boolean standsIn;

    /** The last number that was held for the destination when it came back. */
    private long stoodInTo;

    private boolean pathUp;
    /** Whether a gap has sent the lane back since the last progress: further reports of it say nothing new. */
    private boolean wentBack;
    /** Whether the last resend came from a timeout: until somebody answers, one frame at a time asks. */
    private boolean probing;

    private long resendAfterNanos;
    /** The number whose acknowledgement is timed since {@link #timedNanos}, or 0. */
    private long timed;

    private long timedNanos;
    /** When what is in flight counts as lost. */
    private long deadlineNanos = NO_DEADLINE;
    /** When to ask about what is kept while nothing is in flight: its receiver may have ended, or its last word got lost. */
    private long askNanos = NO_DEADLINE;

    private long resends;
    private long strayAcks;

    /**
     * A lane that nothing was sent on yet.
     *
     * @param roundTrip shared by the lanes of one thread to the same destination
     */
    public LaneSender(LaneKey lane, LaneSettings settings, RoundTrip roundTrip, Sink sink) {
        this.lane = lane;
        this.settings = settings;
        this.sink = sink;
        this.roundTrip = roundTrip;
        this.resendAfterNanos = roundTrip.timeoutNanos();
    }

    /**
     * Takes a publication into the lane and sends it if the window allows.
     *
     * @param publication the caller's share of its bytes passes to the lane, unless this returns false
     * @param token handed to {@link Sink#accepted} and {@link Sink#released}
     * @return false if the lane is full; nothing has happened then
     */
    public boolean offer(Publication publication, Waybill waybill, long token, long nowNanos) {
        if (!hasRoomFor(publication)) {
            return false;
        }
        outstanding.add(publication, waybill, token);
        if (standsIn) {
            acceptedEver++;
            sink.accepted(token, Outcome.ACCEPTED);
        }
        if (inFlightFrames() == 0) {
            resendAfterNanos = roundTrip.timeoutNanos();
        }
        sendWindow(nowNanos);
        return true;
    }

    /** Whether {@link #offer} would take a publication now. What is merely kept does not count. */
    public boolean hasRoomFor(Publication publication) {
        var waiting = outstanding.size() - keptFrames();
        return waiting == 0
                || (waiting < settings.queueFrames()
                        && outstanding.bytes() - keptBytes + publication.bytes().sizeBytes() <= settings.queueBytes());
    }

    /** Takes note of how far the destination has come. An acknowledgement of any age, from any receiver, is safe. */
    public void onAck(Frame.LaneAck ack, long nowNanos) {
        assert ack.lane().equals(lane) : "an acknowledgement goes to its own lane";
        if (ack.mark() > sentEver || ack.settled() > ack.mark()) {
            strayAcks++; // No receiver can have accepted what was never sent: a broken peer, and not to be believed.
            return;
        }
        if (ack.mark() < acknowledged && ack.custody() == custody) {
            return; // That receiver has come further since: old news, overtaken on the way.
        }
        if (ack.mark() > acknowledged) {
            advanceTo(ack.mark());
            onProgress(nowNanos);
        } else if (ack.mark() < acknowledged) {
            // Another receiver has the lane and knows less. Should it be late news from an earlier one instead, the one
            // that has the lane corrects it with its next acknowledgement.
            rollBackTo(Math.max(ack.mark(), base));
        }
        custody = ack.custody();
        releaseTo(ack.settled());
        keepWithinBounds();
        askLater(nowNanos);
        if (ack.gap() && !wentBack) {
            wentBack = true;
            probing = false;
            goBack(nowNanos);
        } else {
            sendWindow(nowNanos);
        }
    }

    /** The way to the destination is gone. What was in flight counts as waiting; what arrives late still counts. */
    public void onPathLost() {
        pathUp = false;
        sent = acknowledged;
        timed = 0;
        inFlightBytes = 0;
        deadlineNanos = NO_DEADLINE;
        askNanos = NO_DEADLINE;
    }

    /** There is a way to the destination, the first or another one: everything not accepted is sent. */
    public void onPathRestored(long nowNanos) {
        pathUp = true;
        wentBack = false;
        probing = false;
        resendAfterNanos = roundTrip.timeoutNanos();
        goBack(nowNanos);
        askLater(nowNanos);
    }

    /**
     * Another receiver has the lane, and has accepted nothing that is not settled: all of it is sent, when there is a
     * path.
     */
    public void onOtherReceiver() {
        rollBackTo(base);
    }

    /** Sends again what has waited too long. Call it at {@link #nextDeadlineNanos()} or later; earlier does nothing. */
    public void onTick(long nowNanos) {
        if (askNanos != NO_DEADLINE && nowNanos - askNanos >= 0) {
            if (inFlightFrames() == 0) {
                resends++;
                send(0);
            }
            askLater(nowNanos);
        }
        if (deadlineNanos == NO_DEADLINE || nowNanos - deadlineNanos < 0) {
            return;
        }
        resendAfterNanos =
                Math.min(resendAfterNanos * 2, settings.resendAfterMax().toNanos());
        wentBack = false;
        probing = true;
        goBack(nowNanos);
    }

    /** When {@link #onTick} has something to do, or {@link #NO_DEADLINE}. */
    public long nextDeadlineNanos() {
        return Math.min(deadlineNanos, askNanos);
    }

    /** Gives up what is merely kept: its receiver alone answers for it from here on. */
    public void letGo() {
        releaseTo(acknowledged);
        askNanos = NO_DEADLINE;
    }

    /**
     * The destination is away, and is to get what is held here when it is back: nobody waits for it to accept that, nor what
     * is offered from now on.
     */
    public void standIn() {
        standsIn = true;
        onPathLost();
        while (acceptedEver < base + outstanding.size()) {
            acceptedEver++;
            sink.accepted(outstanding.token((int) (acceptedEver - base) - 1), Outcome.ACCEPTED);
        }
    }

    /** The destination is back, perhaps with nothing of what it had: everything held is sent, and what is offered waits for it. */
    public void standDown() {
        standsIn = false;
        stoodInTo = base + outstanding.size();
        onPathLost();
        onOtherReceiver();
    }

    /** Whether the destination has accepted all that was held for it when it came back, and is not away again. */
    public boolean hasCaughtUp() {
        return !standsIn && acknowledged >= stoodInTo;
    }

    /**
     * The destination has ended: everything held is released, and what nobody accepted is {@link Outcome#GONE}. Numbers go
     * on, so that the lane serves a destination that comes back with what it remembers.
     */
    public void abandon() {
        standsIn = false;
        onPathLost();
        while (outstanding.size() > 0) {
            base++;
            if (base > acceptedEver) {
                sink.accepted(outstanding.token(0), Outcome.GONE);
            }
            sink.released(outstanding.removeOldest());
        }
        acknowledged = base;
        acceptedEver = base;
        sent = base;
        sentEver = base;
        keptBytes = 0;
    }

    public LaneKey lane() {
        return lane;
    }

    /** Publications held: kept, in flight or queued. */
    public int heldFrames() {
        return outstanding.size();
    }

    /** Bytes of the publications held. */
    public long heldBytes() {
        return outstanding.bytes();
    }

    /** Publications accepted and not settled. */
    public int keptFrames() {
        return (int) (acknowledged - base);
    }

    /** Publications sent and not yet known to be accepted. */
    public int inFlightFrames() {
        return (int) (sent - acknowledged);
    }

    /** Frames sent that had been sent before, since the lane was made. */
    public long resends() {
        return resends;
    }

    /** Acknowledgements of numbers never sent, since the lane was made: more than none means a broken peer. */
    public long strayAcks() {
        return strayAcks;
    }

    private void advanceTo(long mark) {
        while (acknowledged < mark) {
            acknowledged++;
            var index = (int) (acknowledged - base) - 1;
            var sizeBytes = outstanding.publication(index).bytes().sizeBytes();
            if (acknowledged <= sent) {
                inFlightBytes -= sizeBytes;
            } else {
                sent = acknowledged; // It was accepted before its turn to be sent again came.
            }
            keptBytes += sizeBytes;
            if (acknowledged > acceptedEver) {
                acceptedEver = acknowledged;
                sink.accepted(outstanding.token(index), Outcome.ACCEPTED);
            }
        }
    }

    private void rollBackTo(long mark) {
        for (var number = acknowledged; number > mark; number--) {
            keptBytes -=
                    outstanding.publication((int) (number - base) - 1).bytes().sizeBytes();
        }
        acknowledged = mark;
        sent = mark;
        timed = 0;
        inFlightBytes = 0;
        deadlineNanos = NO_DEADLINE;
    }

    private void releaseTo(long number) {
        advanceTo(Math.min(number, sentEver)); // Settled by one receiver is settled for all.
        while (base < Math.min(number, acknowledged)) {
            base++;
            keptBytes -= outstanding.publication(0).bytes().sizeBytes();
            sink.released(outstanding.removeOldest());
        }
    }

    private void keepWithinBounds() {
        while (keptFrames() > settings.keptFrames() || keptBytes > settings.keptBytes()) {
            releaseTo(base + 1);
        }
    }

    private void onProgress(long nowNanos) {
        wentBack = false;
        probing = false;
        if (timed != 0 && acknowledged >= timed) {
            roundTrip.measured(nowNanos - timedNanos);
            timed = 0;
        }
        resendAfterNanos = roundTrip.timeoutNanos();
        deadlineNanos = sent > acknowledged ? nowNanos + resendAfterNanos : NO_DEADLINE;
    }

    private void goBack(long nowNanos) {
        sent = acknowledged;
        inFlightBytes = 0;
        deadlineNanos = NO_DEADLINE;
        sendWindow(nowNanos);
    }

    private void sendWindow(long nowNanos) {
        while (pathUp && sent - base < outstanding.size()) {
            var index = (int) (sent - base);
            var publication = outstanding.publication(index);
            var sizeBytes = publication.bytes().sizeBytes();
            if (sent > acknowledged && !windowAllows(inFlightFrames(), sizeBytes)) {
                return;
            }
            sent++;
            inFlightBytes += sizeBytes;
            if (sent > sentEver) {
                sentEver = sent;
                if (timed == 0) {
                    timed = sent;
                    timedNanos = nowNanos;
                }
            } else {
                resends++;
            }
            if (deadlineNanos == NO_DEADLINE) {
                deadlineNanos = nowNanos + resendAfterNanos;
            }
            send(index);
        }
    }

    private void send(int index) {
        sink.send(new Frame.LaneData(
                lane, base + 1, base + 1 + index, outstanding.publication(index), outstanding.waybill(index), 0));
    }

    private void askLater(long nowNanos) {
        askNanos = pathUp && keptFrames() > 0
                ? nowNanos + settings.resendAfterMax().toNanos()
                : NO_DEADLINE;
    }

    private boolean windowAllows(int inFlight, int sizeBytes) {
        return !probing && inFlight < settings.windowFrames() && inFlightBytes + sizeBytes <= settings.windowBytes();
    }
}
