package io.meridianmq.core.claim;

import io.meridianmq.core.claim.SlotClaims.WillKey;
import io.meridianmq.core.link.ClaimMessage;
import io.meridianmq.core.link.CopyEntry;
import io.meridianmq.core.place.Incarnation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Queue;

/**
 * An owner's side of one copy of one slot: tells everything once, and every change from the beginning on, in numbered
 * steps.
 *
 * <p>What was said is said again from the last mark on when no mark has come for a while. If too much waits, the stream
 * begins anew, and the copy is filled again.
 *
 * <p>Effects of the slot wait until the copy {@linkplain #covers covers} the change that led to them. Belongs to its slot.
 */
final class CopyStream {

    private static final int PART_BYTES_MAX = 64 << 10;

    /** @param before version of the slot that a copy has which has everything before this step */
    private record Step(CopyEntry entry, long before) {}

    /** Something that is still to be told of what was there at the beginning. */
    private sealed interface Rest {
        record Client(String clientId) implements Rest {}

        record Wills(WillKey key) implements Rest {}
    }

    private final OwnedSlot slot;
    private final Incarnation holder;
    private final ClaimSettings settings;
    private final Mail mail;

    private final Deque<Step> underWay = new ArrayDeque<>();
    private final Deque<Step> waiting = new ArrayDeque<>();
    private Queue<Rest> rest = new ArrayDeque<>();

    private long stream;
    private long mark;
    private long saidNanos;
    /** How often what is under way was said again since the last mark. */
    private int repeats;

    private boolean askedToFill;
    private boolean mayFill;
    private boolean allSaid;
    private boolean isComplete;
    /** Version of the slot when the copy became complete. */
    private long completeVersion;
    /** What the copy covers at least, while a stream that began anew has not got as far. */
    private long floor = Long.MAX_VALUE;

    private boolean standby;

    CopyStream(OwnedSlot slot, Incarnation holder, boolean standby, ClaimSettings settings, Mail mail) {
        this.slot = slot;
        this.holder = holder;
        this.standby = standby;
        this.settings = settings;
        this.mail = mail;
        begin();
    }

    Incarnation holder() {
        return holder;
    }

    /** The slot table names this copy as the standby, which has everything from before. */
    void becomesStandby() {
        standby = true;
    }

    /** Whether effects of the slot wait for this copy. */
    boolean isRequired() {
        return standby || isComplete;
    }

    /** Version of the slot up to which the copy has every change. */
    long covers() {
        var reached = underWay.isEmpty()
                ? waiting.isEmpty() ? slot.version() : waiting.getFirst().before
                : underWay.getFirst().before;
        return isComplete ? reached : Math.min(floor, reached);
    }

    /** Whether the copy has everything, and everything that effects did not wait for it with. */
    boolean isFilled() {
        return isComplete && covers() >= completeVersion;
    }

    /** Whether there is something from the beginning left to tell. */
    boolean isFilling() {
        return !allSaid;
    }

    OwnedSlot slot() {
        return slot;
    }

    /** True when it asks for its turn to be filled: once for each stream. */
    boolean asksToFill() {
        var first = !askedToFill;
        askedToFill = true;
        return first;
    }

    /** It is this copy's turn to be filled. */
    void allowFill() {
        mayFill = true;
    }

    /** Nothing is under way or waits. */
    boolean isQuiet() {
        return underWay.isEmpty() && waiting.isEmpty() && allSaid;
    }

    /** The slot has made a change, which raised its version. */
    void changed(CopyEntry entry) {
        waiting.addLast(new Step(entry, slot.version() - 1));
        if (waiting.size() > settings.copyBehindMax()) {
            begin();
        }
    }

    /** Sends what may be sent, and again what waited too long for its mark. */
    void pump(long nowNanos) {
        if (!underWay.isEmpty()
                && nowNanos - saidNanos >= settings.repeatAfterNanos(slot.heldCount() > 0 ? 0 : repeats)) {
            saidNanos = nowNanos;
            repeats++;
            say(mark + 1, underWay);
        }
        fill();
        if (waiting.isEmpty() || underWay.size() >= settings.copyWindow()) {
            return;
        }
        if (underWay.isEmpty()) {
            saidNanos = nowNanos;
        }
        var first = mark + underWay.size() + 1;
        var fresh = new ArrayList<Step>();
        while (!waiting.isEmpty() && underWay.size() < settings.copyWindow()) {
            var step = waiting.removeFirst();
            underWay.addLast(step);
            fresh.add(step);
        }
        say(first, fresh);
    }

    /** The copy has noted something. */
    void onMark(long markStream, long newMark, long nowNanos) {
        if (markStream == 0 && mark > 0) {
            begin(); // It had been noted, and is not any more: the copy has been thrown away in between.
            return;
        }
        if (markStream != stream || newMark <= mark || newMark > mark + underWay.size()) {
            return;
        }
        saidNanos = nowNanos;
        repeats = 0;
        for (; mark < newMark; mark++) {
            if (underWay.removeFirst().entry instanceof CopyEntry.Complete) {
                isComplete = true;
                completeVersion = slot.version();
                floor = Long.MAX_VALUE;
            }
        }
    }

    private void begin() {
        var isFirst = stream == 0;
        floor = isFirst ? floor : covers();
        stream = slot.nextStream();
        mark = 0;
        repeats = 0;
        underWay.clear();
        waiting.clear();
        isComplete = false;
        allSaid = false;
        askedToFill = false;
        mayFill = false;
        rest = new ArrayDeque<>();
        slot.data().claims.values().forEach(claim -> rest.add(new Rest.Client(claim.clientId)));
        slot.data().dueWills.keySet().forEach(key -> rest.add(new Rest.Wills(key)));
        // Taking over the slot is a change, too: nothing is done before the standby has agreed to the new owner.
        waiting.addLast(new Step(new CopyEntry.Begin(), isFirst ? slot.version() - 1 : slot.version()));
    }

    private void fill() {
        while (mayFill && !allSaid && underWay.size() + waiting.size() < settings.copyWindow()) {
            var next = rest.poll();
            allSaid = next == null;
            waiting.addLast(new Step(next == null ? new CopyEntry.Complete() : entry(next), slot.version()));
        }
    }

    private void say(long first, Collection<Step> steps) {
        var entries = new ArrayList<CopyEntry>();
        var next = first;
        var bytes = 0;
        for (var step : steps) {
            var entry = step.entry;
            bytes += ClaimSizes.of(entry);
            if (bytes > PART_BYTES_MAX && !entries.isEmpty()) {
                say(next, List.copyOf(entries));
                next += entries.size();
                entries.clear();
                bytes = ClaimSizes.of(entry);
            }
            entries.add(entry);
        }
        say(next, entries);
    }

    private void say(long first, List<CopyEntry> entries) {
        mail.say(holder, new ClaimMessage.CopyPart(slot.epoch(), slot.number(), stream, first, entries));
    }

    /** How things are now: they may have changed since the beginning. */
    private CopyEntry entry(Rest subject) {
        return switch (subject) {
            case Rest.Client(var clientId) -> {
                var claim = slot.data().claims.find(clientId);
                yield claim == null ? new CopyEntry.Remove(clientId) : new CopyEntry.Put(claim.record(slot.nowNanos()));
            }
            case Rest.Wills(var key) -> {
                var will = slot.data().dueWills.get(key);
                yield will == null
                        ? new CopyEntry.RemoveWill(key.clientId(), key.number())
                        : new CopyEntry.PutWill(will);
            }
        };
    }
}
