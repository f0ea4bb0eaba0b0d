package io.meridianmq.core.mesh;

import io.meridianmq.core.claim.ClaimCopies;
import io.meridianmq.core.claim.ClaimFront;
import io.meridianmq.core.claim.ClaimOutlet;
import io.meridianmq.core.claim.ClaimOwner;
import io.meridianmq.core.claim.ClaimSettings;
import io.meridianmq.core.claim.ClaimedConnection;
import io.meridianmq.core.claim.HomeSessions;
import io.meridianmq.core.claim.SlotClaims;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.ClaimMessage;
import io.meridianmq.core.link.ClaimMessage.Ending;
import io.meridianmq.core.link.ClaimRecord;
import io.meridianmq.core.link.DueWill;
import io.meridianmq.core.link.SlotMessage;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.publication.Will;
import io.meridianmq.core.slot.Slot;
import io.meridianmq.core.slot.SlotContents;
import io.meridianmq.core.slot.SlotHash;
import io.meridianmq.core.slot.SlotTable;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/**
 * Opens and claims at one node: front for its clients, owner of some slots, keeper of copies of others, joined.
 *
 * <p>Which of these it is for a slot it is told as {@link SlotContents}; what it knew in one role passes to the next one.
 * While it may have been replaced without knowing it does nothing as an owner and takes nothing as a keeper of copies. A
 * node on its own owns everything and says everything to itself, within the same call.
 *
 * <p>Belongs to one thread, which calls {@link #flush} after each batch of events and at least every 10 ms or so. Times
 * are readings of one monotonic nanosecond clock.
 */
public final class NodeClaims implements SlotContents {

    /** How often it is asked what is due: a node is driven after each batch of frames, far more often. */
    private static final long TICK_EVERY_NANOS = Duration.ofMillis(10).toNanos();

    private static final long LOOK_EVERY_NANOS = Duration.ofSeconds(1).toNanos();

    private final Incarnation self;
    private final ClaimMail mail;
    private final ClaimOutlet outlet;
    private final HomeSessions homes;
    private final ClaimFront front;
    private final ClaimOwner owner;
    private final ClaimCopies copies;
    private final HeardOf heardOf;
    private final BooleanSupplier suspended;

    private SlotTable table = SlotTable.EMPTY;
    private Optional<MembershipView> unseenView = Optional.empty();
    private long nowNanos;
    private long tickedNanos;
    private long lookedNanos;
    private long misdirected;

    /**
     * @param send takes a message to another node of the zone, if it can
     * @param suspended whether this node may have been replaced as owner without knowing
     */
    public NodeClaims(
            Incarnation self,
            ClaimSettings settings,
            ClaimOutlet outlet,
            BiConsumer<Incarnation, SlotMessage> send,
            BooleanSupplier suspended,
            long nowNanos) {
        this.self = self;
        this.mail = new ClaimMail(self, send);
        this.suspended = suspended;
        this.outlet = outlet;
        this.homes = new HomeSessions(self);
        this.front = new ClaimFront(self, settings, homes, mail, nowNanos);
        this.owner = new ClaimOwner(self, settings, outlet, mail);
        this.copies = new ClaimCopies(mail);
        this.heardOf = new HeardOf(self, mail);
        this.nowNanos = nowNanos;
        this.tickedNanos = nowNanos;
        this.lookedNanos = nowNanos;
    }

    // ---- What the node's clients do

    /** See {@link ClaimFront#open}. */
    public void open(
            String clientId,
            boolean cleanStart,
            long expirySeconds,
            Optional<Will> will,
            ClaimedConnection connection,
            long nowNanos) {
        front.open(clientId, cleanStart, expirySeconds, will, connection, nowNanos);
        takeOwn(nowNanos);
    }

    /** See {@link ClaimFront#close}. */
    public void close(String clientId, ClaimedConnection connection, Ending ending, long expirySeconds, long nowNanos) {
        front.close(clientId, connection, ending, expirySeconds, nowNanos);
        takeOwn(nowNanos);
    }

    /** The sessions that this node is home to, as its loops tell of them. */
    public HomeSessions homes() {
        return homes;
    }

    /** See {@link ClaimFront#announce}. */
    public void announce(long nowNanos) {
        front.announce(nowNanos);
        takeOwn(nowNanos);
    }

    /** The end of {@link ClaimOutlet#publishWill}; {@code accepted} is false if there was no room for it. */
    public void onWillPublished(DueWill will, boolean accepted, long nowNanos) {
        owner.onWillPublished(will, accepted, nowNanos);
        takeOwn(nowNanos);
    }

    // ---- Slots

    @Override
    public void serve(int slot, Slot now, boolean continued) {
        var data = take(slot);
        owner.own(slot, now, data, continued, nowNanos);
    }

    @Override
    public void copiesMoved(int slot, Slot now) {
        owner.copyTo(slot, now, nowNanos);
    }

    @Override
    public void follow(int slot, Slot now) {
        if (now.owner().isPresent() && !copies.keepsFor(slot, now)) {
            copies.keep(slot, now, take(slot));
        }
    }

    @Override
    public void release(int slot) {
        take(slot);
    }

    @Override
    public boolean isComplete(int slot, Slot now) {
        return now.joining().filter(holder -> owner.isComplete(slot, holder)).isPresent();
    }

    /** What this node knows of a slot, in whatever role; it has none then. */
    private SlotClaims take(int slot) {
        return owner.disown(slot).or(() -> copies.take(slot)).orElseGet(SlotClaims::new);
    }

    /** Another slot table, after what it means for this node has been told. */
    public void onSlots(SlotTable newer, long nowNanos) {
        this.nowNanos = nowNanos;
        table = newer;
        heardOf.dependOn(newer, nowNanos);
        front.onTable(newer, nowNanos);
        tickedNanos = nowNanos - TICK_EVERY_NANOS; // What this node owns now may have been due for long.
        takeOwn(nowNanos);
    }

    // ---- What others do

    /** Another view of who is alive. */
    public void onView(MembershipView view, long nowNanos) {
        this.nowNanos = nowNanos;
        if (suspended.getAsBoolean()) {
            unseenView = Optional.of(view);
            return;
        }
        unseenView = Optional.empty();
        owner.onView(view, nowNanos);
        takeOwn(nowNanos);
    }

    /** Another node says something. */
    public void onMessages(Incarnation from, SlotMessage.Claims claims, long nowNanos) {
        if (claims.destinationBoot() != self.boot()) {
            misdirected++;
            return;
        }
        this.nowNanos = nowNanos;
        heardOf.heard(from, nowNanos);
        for (var message : claims.messages()) {
            onMessage(from, message, nowNanos);
        }
        takeOwn(nowNanos);
    }

    private void onMessage(Incarnation from, ClaimMessage message, long nowNanos) {
        switch (message) {
            case ClaimMessage.ToFront toFront -> onMessage(from, toFront, nowNanos);
            case ClaimMessage.ToHome toHome -> onMessage(from, toHome);
            case ClaimMessage.ToOwner toOwner -> {
                if (!suspended.getAsBoolean()) { // Else it is said again.
                    onMessage(from, toOwner, nowNanos);
                }
            }
            case ClaimMessage.CopyPart part -> {
                if (!suspended.getAsBoolean()) {
                    copies.onPart(from, part, table.slot(part.slot()), nowNanos);
                }
            }
            case ClaimMessage.Ping() -> mail.say(from, new ClaimMessage.Pong());
            case ClaimMessage.Pong() -> {} // To have heard of it is all.
        }
    }

    private void onMessage(Incarnation from, ClaimMessage.ToOwner message, long nowNanos) {
        switch (message) {
            case ClaimMessage.Open open -> owner.onOpen(from, open, nowNanos);
            case ClaimMessage.Close close -> owner.onClose(from, close, nowNanos);
            case ClaimMessage.Evicted evicted -> owner.onEvicted(from, evicted, nowNanos);
            case ClaimMessage.Announce announce -> owner.onAnnounce(from, announce, nowNanos);
            case ClaimMessage.CopyMark mark -> owner.onCopyMark(from, mark, nowNanos);
            case ClaimMessage.CopyRefused refusal -> owner.onCopyRefused(refusal);
        }
    }

    private void onMessage(Incarnation from, ClaimMessage.ToFront message, long nowNanos) {
        switch (message) {
            case ClaimMessage.Granted granted -> front.onGranted(from, granted, nowNanos);
            case ClaimMessage.Refused refusal -> front.onRefused(from, refusal);
            case ClaimMessage.Closed closed -> front.onClosed(from, closed, nowNanos);
            case ClaimMessage.Evict evict -> front.onEvict(from, evict, nowNanos);
            case ClaimMessage.AskAnnouncement asked -> front.onAsked(from, asked, nowNanos);
            case ClaimMessage.Announced noted -> front.onAnnounced(from, noted, nowNanos);
        }
    }

    /** What nobody repeats, since what a lost one leaves behind does no harm: the next owner asks what is here. */
    private void onMessage(Incarnation from, ClaimMessage.ToHome message) {
        switch (message) {
            case ClaimMessage.Superseded superseded -> {
                if (front.isOwner(from, superseded.clientId(), superseded.epoch())) {
                    outlet.endSession(superseded.clientId(), superseded.number(), superseded.heir());
                }
            }
            case ClaimMessage.WillDone done -> {
                homes.willDone(done.clientId(), done.number());
                outlet.willDone(done.clientId(), done.number());
            }
        }
    }

    /** What this node says to itself arrives. */
    private void takeOwn(long nowNanos) {
        for (var message = mail.pollOwn(); message != null; message = mail.pollOwn()) {
            onMessage(self, message, nowNanos);
        }
    }

    /** Does what is due, and sends what has gathered. */
    public void flush(long nowNanos) {
        this.nowNanos = nowNanos;
        if (!suspended.getAsBoolean()) {
            unseenView.ifPresent(view -> onView(view, nowNanos));
        }
        if (nowNanos - tickedNanos >= TICK_EVERY_NANOS) {
            tickedNanos = nowNanos;
            if (!suspended.getAsBoolean()) {
                owner.tick(nowNanos);
            }
            front.tick(nowNanos);
        }
        if (nowNanos - lookedNanos >= LOOK_EVERY_NANOS) {
            lookedNanos = nowNanos;
            heardOf.askTheSilent(nowNanos);
            front.giveUpUnreachable(heardOf::heardNanos, nowNanos);
        }
        takeOwn(nowNanos);
        mail.flush();
    }

    // ---- Questions

    /** What is known of a client; empty if this node does not own its slot, or there is nothing. */
    public Optional<ClaimRecord> find(String clientId, long nowNanos) {
        return owner.find(clientId, nowNanos);
    }

    /** What there is to tell of a client; refuses while this node may not know everything of its slot. */
    public Answer look(String clientId, long nowNanos) {
        var slot = SlotHash.ofClient(clientId);
        if (suspended.getAsBoolean() || !owner.knows(slot)) {
            return new Answer.Refused(
                    "slot " + slot + " of the client is passing from one node to another: try again in a few seconds");
        }
        return new Answer.ClaimFound(self.place(), find(clientId, nowNanos).map(Answer.ClaimView::of));
    }

    /** What there is to measure. */
    public ClaimFigures figures() {
        return new ClaimFigures(
                front.figures(), owner.figures(), copies.count(), copies.claims(), copies.refused() + misdirected);
    }
}
