package io.meridianmq.core.session;

import com.google.common.primitives.ImmutableLongArray;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The backlog of a durable session. A message is written first, and sent when it is kept.
 *
 * <pre>
 *   add        kept, connected, little before it                   sent
 *   ----> pending -----------------------------------> ready ------------> window
 *            |                                           ^  |                 |
 *            | kept, otherwise                    loaded |  | connection lost |
 *            +-------------------> asleep ---------------+  |                 |
 *                                     ^---------------------+-----------------+
 * </pre>
 *
 * <p>Those asleep are known by their locators alone, so a session without a connection costs little memory, whatever waits
 * for it; and it is the same after a restart.
 */
final class JournaledBacklog implements Backlog {

    /** Messages in memory at most, before the window. */
    private static final int READY_MAX = 1_000;

    private static final long READY_BYTES_MAX = 256 << 10;

    /** Messages that are read at once. */
    private static final int LOAD_MAX = 100;

    private final Session session;
    private final SessionOwner owner;
    private final Supplier<SessionLimits> limits;
    private final SessionJournal journal;
    private final ArrayDeque<Outbound> pending = new ArrayDeque<>(0);
    private final ArrayDeque<Outbound> ready = new ArrayDeque<>(0);

    /** Locators; the lowest bit tells whether a shared subscription's, which is passed on when the session ends. */
    private final LongQueue asleep = new LongQueue();

    /** Positions that were sent over an earlier connection, are not acknowledged, and were not sent again yet. */
    private final LongQueue sentBefore = new LongQueue();

    /** Positions of QoS 2 messages that the client had received when it lost its connection. */
    private ImmutableLongArray receivedBefore = ImmutableLongArray.of();

    private long nextPosition = 1;
    private long passedUpTo;

    /** The highest position that was sent over an earlier connection. */
    private long sentBeforeUpTo;

    private long bytes;
    private long readyBytes;
    private boolean isAttached;
    private boolean isEnded;
    private boolean isLoading;

    /** Counts connections, so that what was read for an earlier one is recognised. */
    private int attachments;

    JournaledBacklog(Session session, SessionOwner owner, Supplier<SessionLimits> limits, SessionJournal journal) {
        this.session = session;
        this.owner = owner;
        this.limits = limits;
        this.journal = journal;
    }

    // ---- After a restart

    /** How far the session had come; before any {@link #restore}. */
    void restore(SessionProgress progress) {
        passedUpTo = progress.passedUpTo();
        nextPosition = passedUpTo + 1;
        progress.sent().forEach(sentBefore::add);
        receivedBefore = progress.received();
    }

    /** A message that is owed, in the order of the positions. */
    void restore(long locator, long position, int sizeBytes, boolean isOfGroup) {
        asleep.add(asleep(locator, isOfGroup));
        nextPosition = Math.max(nextPosition, position + 1);
        bytes += sizeBytes;
    }

    // ---- In

    @Override
    public int size() {
        return pending.size() + ready.size() + asleep.size();
    }

    @Override
    public boolean isPassable() {
        return false;
    }

    @Override
    public boolean hasRoomForRetained() {
        return size() < LOAD_MAX;
    }

    @Override
    public boolean hasHad(Publication publication) {
        return publication.qos() == Qos.EXACTLY_ONCE && journal.hasHad(session, publication.id());
    }

    @Override
    public void add(Publication publication, Qos qos, boolean retain, DeliveryTerms terms, long nowMillis) {
        var most = limits.get();
        var size = publication.bytes().sizeBytes();
        if (size() >= most.queuedMessagesMax()) {
            owner.dropped(session, DropReason.QUEUE_MESSAGES);
        } else if (bytes + size > most.queuedBytesMax()) {
            owner.dropped(session, DropReason.QUEUE_BYTES);
        } else {
            var outbound = new Outbound(publication.share(), qos, retain, terms, nextPosition++);
            bytes += size;
            pending.add(outbound);
            journal.message(session, outbound);
        }
    }

    /** The oldest that was not answered is kept. */
    void onKept(Outbound outbound, long locator) {
        takePending(outbound);
        outbound.locator = locator;
        if (isEnded) {
            owner.dropped(session, DropReason.SESSION_ENDED);
            letGo(outbound);
            return;
        }
        var size = outbound.publication().bytes().sizeBytes();
        if (isAttached && asleep.isEmpty() && ready.size() < READY_MAX && readyBytes + size <= READY_BYTES_MAX) {
            ready.add(outbound);
            readyBytes += size;
        } else {
            asleep.add(asleep(locator, outbound.group.isPresent()));
            outbound.releasePublication();
            loadIfLow();
        }
    }

    /** The oldest that was not answered is not kept. */
    void onRefused(Outbound outbound) {
        takePending(outbound);
        bytes -= outbound.publication().bytes().sizeBytes();
        outbound.releasePublication();
        owner.dropped(session, DropReason.STORE);
    }

    @SuppressWarnings("ReferenceEquality")
    private void takePending(Outbound outbound) {
        var oldest = pending.remove();
        assert oldest == outbound : "answers come in the order of the questions";
    }

    // ---- Out

    @Override
    public boolean hasNext() {
        return !ready.isEmpty();
    }

    @Override
    public Outbound peek() {
        return ready.element();
    }

    @Override
    public Outbound next() {
        var outbound = ready.remove();
        var size = outbound.publication().bytes().sizeBytes();
        readyBytes -= size;
        bytes -= size;
        passed(outbound.position);
        loadIfLow();
        return outbound;
    }

    /** The message at this position is sent, or left out: it is in the window now, or done. */
    private void passed(long position) {
        passedUpTo = Math.max(passedUpTo, position);
        while (!sentBefore.isEmpty() && sentBefore.get(0) <= position) {
            sentBefore.remove(1);
        }
        journal.progress(session);
    }

    @Override
    public boolean isDuplicate(Outbound outbound) {
        return outbound.position <= sentBeforeUpTo; // [MQTT-3.3.1-1]
    }

    @Override
    public void received(Outbound outbound) {
        journal.done(outbound.locator);
        outbound.locator = Outbound.NOT_KEPT;
        journal.progress(session);
    }

    @Override
    public void done(Outbound outbound) {
        letGo(outbound);
        journal.progress(session);
    }

    private void letGo(Outbound outbound) {
        outbound.releasePublication();
        if (outbound.locator != Outbound.NOT_KEPT) {
            journal.done(outbound.locator);
        }
    }

    // ---- Connections

    @Override
    public void attach(Consumer<Outbound> window) {
        isAttached = true;
        attachments++;
        sentBeforeUpTo = passedUpTo;
        receivedBefore.forEach(position -> {
            var outbound = Outbound.received(position);
            outbound.packetIdentifier = outbound.fixedIdentifier();
            window.accept(outbound);
        });
        receivedBefore = ImmutableLongArray.of();
        loadIfLow();
    }

    @Override
    public void detach(Window window) {
        isAttached = false;
        isLoading = false;
        var awake = new ArrayList<Outbound>();
        var received = new ArrayList<Long>();
        var sent = new ArrayList<Long>();
        for (var outbound = window.oldest(); outbound != null; outbound = window.oldest()) {
            window.remove(outbound);
            if (outbound.isReceived()) {
                received.add(outbound.position);
            } else {
                sent.add(outbound.position);
                bytes += outbound.publication().bytes().sizeBytes();
                awake.add(outbound);
            }
        }
        received.sort(null);
        receivedBefore = ImmutableLongArray.copyOf(received);
        prepend(sentBefore, sent.stream().mapToLong(Long::longValue).toArray());
        awake.addAll(ready);
        ready.clear();
        readyBytes = 0;
        prepend(
                asleep,
                awake.stream()
                        .mapToLong(outbound -> asleep(outbound.locator, outbound.group.isPresent()))
                        .toArray());
        awake.forEach(Outbound::releasePublication);
    }

    private static void prepend(LongQueue queue, long[] first) {
        var after = new long[queue.size()];
        for (var i = 0; i < after.length; i++) {
            after[i] = queue.get(i);
        }
        queue.remove(after.length);
        for (var value : first) {
            queue.add(value);
        }
        for (var value : after) {
            queue.add(value);
        }
    }

    SessionProgress progress(Window window) {
        var sent = ImmutableLongArray.builder();
        var received = new ArrayList<Long>();
        receivedBefore.forEach(received::add);
        for (var outbound = window.oldest(); outbound != null; outbound = outbound.newer) {
            if (outbound.isReceived()) {
                received.add(outbound.position);
            } else {
                sent.add(outbound.position);
            }
        }
        received.sort(null);
        for (var i = 0; i < sentBefore.size(); i++) {
            sent.add(sentBefore.get(i)); // They are behind the window's: what is sent again is sent in order.
        }
        return new SessionProgress(passedUpTo, sent.build(), ImmutableLongArray.copyOf(received));
    }

    // ---- Asleep

    private void loadIfLow() {
        if (!isAttached || isLoading || asleep.isEmpty() || ready.size() > LOAD_MAX / 2) {
            return;
        }
        isLoading = true;
        var asked = attachments;
        var locators = new long[Math.min(LOAD_MAX, asleep.size())];
        for (var i = 0; i < locators.length; i++) {
            locators[i] = asleep.get(i) >> 1;
        }
        journal.load(locators, (messages, nowMillis) -> {
            if (isAttached && asked == attachments) {
                isLoading = false;
                onLoaded(locators.length, messages);
                session.onLoaded(nowMillis);
            } else {
                messages.forEach(message -> message.publication().release());
            }
        });
    }

    private void onLoaded(int asked, List<KeptMessage> messages) {
        asleep.remove(asked);
        for (var message : messages) {
            var outbound = Outbound.of(message, message.group().flatMap(session::subscription));
            readyBytes += outbound.publication().bytes().sizeBytes();
            ready.add(outbound);
        }
        for (var i = messages.size(); i < asked; i++) {
            owner.dropped(session, DropReason.STORE);
        }
        loadIfLow();
    }

    // ---- The end

    @Override
    public void end(Consumer<Outbound> abandon) {
        isEnded = true;
        isAttached = false;
        while (!ready.isEmpty()) {
            abandon.accept(ready.remove());
        }
        var toPassOn = new ArrayList<Long>();
        for (var i = 0; i < asleep.size(); i++) {
            var locator = asleep.get(i) >> 1;
            if (isOfGroup(asleep.get(i))) {
                toPassOn.add(locator);
            } else {
                owner.dropped(session, DropReason.SESSION_ENDED);
                journal.done(locator);
            }
        }
        asleep.remove(asleep.size());
        passOn(toPassOn, session.groups());
    }

    /** What is left of shared subscriptions is read first. */
    private void passOn(List<Long> locators, List<Subscription> groups) {
        for (var from = 0; from < locators.size(); from += LOAD_MAX) {
            var part = locators.subList(from, Math.min(locators.size(), from + LOAD_MAX)).stream()
                    .mapToLong(Long::longValue)
                    .toArray();
            journal.load(part, (messages, _) -> {
                for (var message : messages) {
                    groups.stream()
                            .filter(group -> message.group().equals(Optional.of(group.filter())))
                            .findFirst()
                            .filter(_ -> message.qos() == Qos.AT_LEAST_ONCE)
                            .ifPresentOrElse(
                                    group -> owner.passOn(message.publication(), group),
                                    () -> owner.dropped(session, DropReason.SESSION_ENDED));
                    message.publication().release();
                }
                for (var locator : part) {
                    journal.done(locator);
                }
            });
        }
    }

    private static long asleep(long locator, boolean isOfGroup) {
        return locator << 1 | (isOfGroup ? 1 : 0);
    }

    private static boolean isOfGroup(long sleeping) {
        return (sleeping & 1) != 0;
    }
}
