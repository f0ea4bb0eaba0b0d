package io.meridianmq.core.lane;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.GroupGrant;
import io.meridianmq.core.link.LaneKey;
import io.meridianmq.core.publication.Publication;
import java.util.List;

/**
 * The source of one lane: numbers publications, holds them until the destination has accepted them, sends them again.
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

        /** The lane no longer holds the publication that was offered with {@code token}. Called once, in offer order. */
        void completed(long token, Outcome outcome);
    }

    /** Why a publication left its lane. */
    public enum Outcome {
        /** A receiver has placed it. */
        ACCEPTED,
        /** The destination ended before it was known to have placed it. */
        GONE
    }

    private final LaneKey lane;
    private final LaneSettings settings;
    private final Sink sink;
    private final Outstanding outstanding = new Outstanding();

    /** Every number up to this one was accepted; the oldest entry outstanding has the next one. */
    private long acknowledged;
    /** Numbers above {@link #acknowledged} up to this one are in flight. */
    private long sent;
    /** Highest number ever sent; between {@link #sent} and this are those waiting to be sent again. */
    private long sentEver;

    private long inFlightBytes;
    /** The receiver whose acknowledgement last moved the lane on; meaningless while nothing was acknowledged. */
    private long custody;

    private boolean pathUp;
    /** Whether a gap has sent the lane back since the last progress: further reports of it say nothing new. */
    private boolean wentBack;
    /** Whether the last resend came from a timeout: until somebody answers, one frame at a time asks. */
    private boolean probing;

    private long resendAfterNanos;
    private long deadlineNanos = NO_DEADLINE;
    private long resends;
    private long strayAcks;

    public LaneSender(LaneKey lane, LaneSettings settings, Sink sink) {
        this.lane = lane;
        this.settings = settings;
        this.sink = sink;
        this.resendAfterNanos = settings.resendAfter().toNanos();
    }

    /**
     * Takes a publication into the lane and sends it if the window allows.
     *
     * @param publication the caller's share of its bytes passes to the lane, unless this returns false
     * @param grants which shared subscriptions the destination serves
     * @param token handed to {@link Sink#completed}
     * @return false if the lane is full; nothing has happened then
     */
    public boolean offer(Publication publication, List<GroupGrant> grants, long token, long nowNanos) {
        if (!hasRoomFor(publication)) {
            return false;
        }
        outstanding.add(publication, List.copyOf(grants), token);
        sendWindow(nowNanos);
        return true;
    }

    /** Whether {@link #offer} would take a publication now. */
    public boolean hasRoomFor(Publication publication) {
        return outstanding.size() == 0
                || (outstanding.size() < settings.queueFrames()
                        && outstanding.bytes() + publication.bytes().sizeBytes() <= settings.queueBytes());
    }

    /** Takes note of how far the destination has come. An acknowledgement of any age, from any receiver, is safe. */
    public void onAck(Frame.LaneAck ack, long nowNanos) {
        assert ack.lane().equals(lane) : "an acknowledgement goes to its own lane";
        if (ack.mark() > sentEver) {
            strayAcks++; // No receiver can have accepted what was never sent: a broken peer, and not to be believed.
            return;
        }
        if (ack.mark() > acknowledged) {
            advanceTo(ack.mark());
            custody = ack.custody();
            onProgress(nowNanos);
        } else if (ack.mark() < acknowledged && ack.custody() == custody) {
            return; // That receiver has come further since: old news, overtaken on the way.
        }
        // A mark below, from another receiver, is one without state that has to hear the floor.
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
        inFlightBytes = 0;
        deadlineNanos = NO_DEADLINE;
    }

    /** There is a way to the destination, the first or another one: everything not accepted is sent. */
    public void onPathRestored(long nowNanos) {
        pathUp = true;
        wentBack = false;
        probing = false;
        resendAfterNanos = settings.resendAfter().toNanos();
        goBack(nowNanos);
    }

    /** Sends again what has waited too long. Call it at {@link #nextDeadlineNanos()} or later; earlier does nothing. */
    public void onTick(long nowNanos) {
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
        return deadlineNanos;
    }

    /**
     * The destination has ended: everything held completes as {@link Outcome#GONE}. Numbers go on, so that the lane serves
     * a destination that comes back with what it remembers.
     */
    public void abandon() {
        onPathLost();
        while (outstanding.size() > 0) {
            acknowledged++;
            sink.completed(outstanding.removeOldest(), Outcome.GONE);
        }
        sent = acknowledged;
        sentEver = acknowledged;
    }

    public LaneKey lane() {
        return lane;
    }

    /** Publications held, in flight or waiting. */
    public int heldFrames() {
        return outstanding.size();
    }

    /** Bytes of the publications held. */
    public long heldBytes() {
        return outstanding.bytes();
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
            if (acknowledged <= sent) {
                inFlightBytes -= outstanding.publication(0).bytes().sizeBytes();
            } else {
                sent = acknowledged; // It was accepted before its turn to be sent again came.
            }
            sink.completed(outstanding.removeOldest(), Outcome.ACCEPTED);
        }
    }

    private void onProgress(long nowNanos) {
        wentBack = false;
        probing = false;
        resendAfterNanos = settings.resendAfter().toNanos();
        deadlineNanos = sent > acknowledged ? nowNanos + resendAfterNanos : NO_DEADLINE;
    }

    private void goBack(long nowNanos) {
        sent = acknowledged;
        inFlightBytes = 0;
        deadlineNanos = NO_DEADLINE;
        sendWindow(nowNanos);
    }

    private void sendWindow(long nowNanos) {
        while (pathUp && sent - acknowledged < outstanding.size()) {
            var index = (int) (sent - acknowledged);
            var publication = outstanding.publication(index);
            var sizeBytes = publication.bytes().sizeBytes();
            if (index > 0 && !windowAllows(index, sizeBytes)) {
                return;
            }
            sent++;
            inFlightBytes += sizeBytes;
            if (sent > sentEver) {
                sentEver = sent;
            } else {
                resends++;
            }
            if (deadlineNanos == NO_DEADLINE) {
                deadlineNanos = nowNanos + resendAfterNanos;
            }
            sink.send(new Frame.LaneData(lane, acknowledged + 1, sent, publication, outstanding.grants(index), 0));
        }
    }

    private boolean windowAllows(int inFlight, int sizeBytes) {
        return !probing && inFlight < settings.windowFrames() && inFlightBytes + sizeBytes <= settings.windowBytes();
    }
}
