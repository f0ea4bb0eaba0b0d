package io.meridianmq.core.claim;

import io.meridianmq.core.claim.ClaimedConnection.Expulsion;
import io.meridianmq.core.claim.ClaimedConnection.Refusal;
import io.meridianmq.core.claim.FrontClaim.State;
import io.meridianmq.core.link.ClaimMessage;
import io.meridianmq.core.link.ClaimMessage.Ending;
import io.meridianmq.core.link.ClaimRecord;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.publication.Will;
import io.meridianmq.core.slot.Slot;
import io.meridianmq.core.slot.SlotHash;
import io.meridianmq.core.slot.SlotTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A node as front: asks the owners of slots for the connections of its clients, tells them when they end, and ends those
 * that are overtaken.
 *
 * <p>What is asked or told is said again until it is answered, to whoever owns the slot by then. A new owner is told what
 * is there before anything else. Clients whose owner has not been heard of for too long are given up: somebody else may
 * have their connections by now.
 *
 * <p>Belongs to one thread. Limits are in {@link ClaimSettings}; beyond them come as many as the node has connections.
 */
public final class ClaimFront {

    /** Endings that are remembered for owners that ask for them a second time. */
    private static final int ENDINGS_MAX = 10_000;

    private final Incarnation self;
    private final ClaimSettings settings;
    private final HomeSessions homes;
    private final Mail mail;
    private final Announcements announcements;
    /** The newest connection of each client, by slot. */
    private final @Nullable ClientTable<FrontClaim>[] bySlot = newTables();

    /** Since when each slot has had its owner. */
    private final long[] ownedSinceNanos = new long[SlotHash.COUNT];

    private final Queue<Pending> pending = new ArrayDeque<>();
    /** Tokens of connections that ended without leaving a will. */
    private final Map<Long, Ending> endings = new LinkedHashMap<>();

    private SlotTable table = SlotTable.EMPTY;
    private boolean announces;
    private long lastToken;
    private int opening;
    private int clients;
    private long refused;
    private long unreachable;
    private long stale;

    /** Something to say again, in the order of the times, since all wait equally long. */
    private record Pending(FrontClaim claim, long dueNanos) {}

    /** @param homes sessions of this node, which are announced together with its connections */
    public ClaimFront(Incarnation self, ClaimSettings settings, HomeSessions homes, Mail mail, long nowNanos) {
        this.self = self;
        this.settings = settings;
        this.homes = homes;
        this.mail = mail;
        this.announcements = new Announcements(settings, mail, this::announced, this::records);
        Arrays.fill(ownedSinceNanos, nowNanos);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // There are no arrays of generic types.
    private static @Nullable ClientTable<FrontClaim>[] newTables() {
        return new ClientTable[SlotHash.COUNT];
    }

    // ---- What clients do

    /**
     * A client wants to connect: answered with {@link ClaimedConnection#granted} or {@link ClaimedConnection#refused},
     * possibly during this call.
     *
     * @param expirySeconds how long the session is to outlive the connection
     */
    public void open(
            String clientId,
            boolean cleanStart,
            long expirySeconds,
            Optional<Will> will,
            ClaimedConnection connection,
            long nowNanos) {
        if (opening >= settings.openingMax()) {
            refused++;
            connection.refused(Refusal.QUOTA_EXCEEDED);
            return;
        }
        lastToken++;
        opening++;
        var claim =
                new FrontClaim(clientId, lastToken, cleanStart, expirySeconds, will.orElse(null), connection, nowNanos);
        claim.earlier = standBehind(newest(clientId), nowNanos);
        clients += claim.earlier == null ? 1 : 0;
        put(claim);
        proceed(claim, nowNanos);
    }

    /**
     * A connection ended. Does nothing if it was refused or expelled before.
     *
     * @param ending {@link Ending#NEVER_OPENED} also if it was granted, and the client has not been told
     * @param expirySeconds how long its session is to outlive it
     */
    public void close(String clientId, ClaimedConnection connection, Ending ending, long expirySeconds, long nowNanos) {
        var claim = find(clientId, candidate -> isOver(candidate, connection));
        if (claim == null) {
            return;
        }
        claim.connection = null;
        if (claim.state == State.OPEN) {
            claim.expirySeconds(expirySeconds);
            close(claim, ending, nowNanos);
        } else {
            giveUp(claim, nowNanos);
        }
    }

    @SuppressWarnings("ReferenceEquality") // There is one object per connection.
    private static boolean isOver(FrontClaim candidate, ClaimedConnection connection) {
        return candidate.connection == connection;
    }

    /** The connection before the one that opens: it ends if it has not opened itself. */
    private @Nullable FrontClaim standBehind(@Nullable FrontClaim newest, long nowNanos) {
        if (newest == null || newest.connection == null || newest.state == State.OPEN) {
            return newest;
        }
        expel(newest, Expulsion.TAKEN_OVER, false);
        giveUp(newest, nowNanos);
        return newest(newest.clientId);
    }

    /** Asks the owner, unless the end of an earlier connection is not confirmed yet: it might come second. */
    private void proceed(FrontClaim claim, long nowNanos) {
        var isBehind = claim.earlier != null && claim.earlier.state == State.CLOSING;
        claim.state = isBehind ? State.WAITING : State.OPENING;
        if (isBehind) {
            queue(claim, nowNanos);
        } else {
            say(claim, nowNanos);
        }
    }

    /** A connection that is not open ends. */
    private void giveUp(FrontClaim claim, long nowNanos) {
        if (claim.state == State.WAITING || !claim.said) {
            drop(claim);
        } else {
            close(claim, Ending.NEVER_OPENED, nowNanos);
        }
    }

    private void close(FrontClaim claim, Ending ending, long nowNanos) {
        claim.state = State.CLOSING;
        claim.ending = ending;
        claim.sinceNanos = nowNanos;
        say(claim, nowNanos);
    }

    // ---- What owners say

    /** The connection is the client's. */
    public void onGranted(Incarnation from, ClaimMessage.Granted granted, long nowNanos) {
        if (!isOwner(from, granted.clientId(), granted.epoch())) {
            return;
        }
        var claim = find(granted.clientId(), granted.token());
        if (claim == null) {
            returnGrant(granted, nowNanos);
        } else if (claim.state == State.OPENING) {
            open(claim, granted);
        }
    }

    /** The connection was given up, and an early asking came late: nobody wants it any more. */
    private void returnGrant(ClaimMessage.Granted granted, long nowNanos) {
        if (newest(granted.clientId()) != null) {
            return; // It will be overtaken by what is here, or has been.
        }
        opening++;
        var claim = new FrontClaim(granted.clientId(), granted.token(), false, 0, null, null, nowNanos);
        clients++;
        put(claim);
        close(claim, Ending.NEVER_OPENED, nowNanos);
    }

    private void open(FrontClaim claim, ClaimMessage.Granted granted) {
        answered(claim);
        claim.state = State.OPEN;
        claim.number = granted.number();
        claim.home = granted.home();
        for (var before = claim.earlier; before != null; before = before.earlier) {
            expel(before, Expulsion.TAKEN_OVER, before.home.isEmpty());
            answered(before);
        }
        claim.earlier = null;
        if (claim.connection != null) {
            claim.connection.granted(
                    granted.number(), granted.continues(), granted.home().orElse(self));
        }
    }

    /** There is no room for the client. */
    public void onRefused(Incarnation from, ClaimMessage.Refused refusal) {
        var claim = find(refusal.clientId(), refusal.token());
        if (claim == null || claim.state != State.OPENING || !isOwner(from, refusal.clientId(), refusal.epoch())) {
            return;
        }
        refuse(claim, Refusal.QUOTA_EXCEEDED);
        drop(claim);
    }

    /** The end of a connection is known. */
    public void onClosed(Incarnation from, ClaimMessage.Closed closed, long nowNanos) {
        var claim = find(closed.clientId(), closed.token());
        if (claim == null || claim.state != State.CLOSING || !isOwner(from, closed.clientId(), closed.epoch())) {
            return;
        }
        answered(claim);
        remember(claim);
        drop(claim);
        var newest = newest(closed.clientId());
        if (newest != null && newest.state == State.WAITING) {
            proceed(newest, nowNanos);
        }
    }

    /** A connection is overtaken. */
    public void onEvict(Incarnation from, ClaimMessage.Evict evict, long nowNanos) {
        if (!isOwner(from, evict.clientId(), evict.epoch())) {
            return;
        }
        var claim = find(evict.clientId(), evict.token());
        var ending = claim == null ? endings.getOrDefault(evict.token(), Ending.LOST) : end(claim, evict.sessionEnds());
        mail.say(from, new ClaimMessage.Evicted(evict.epoch(), evict.clientId(), evict.token(), ending));
        var newest = newest(evict.clientId());
        if (newest != null && newest.state == State.WAITING) {
            proceed(newest, nowNanos);
        }
    }

    /** Ends a connection at the owner's word; returns how it has ended. */
    private Ending end(FrontClaim claim, boolean sessionEnds) {
        var ending = switch (claim.state) {
            case OPENING, WAITING -> Ending.NEVER_OPENED;
            case CLOSING -> claim.ending;
            case OPEN -> Ending.LOST;
        };
        expel(claim, Expulsion.TAKEN_OVER, sessionEnds);
        claim.ending = ending;
        remember(claim);
        drop(claim);
        return ending;
    }

    /** The owner wants to know what is here. */
    public void onAsked(Incarnation from, ClaimMessage.AskAnnouncement asked, long nowNanos) {
        if (isOwner(from, asked.slot(), asked.epoch()) && announces) {
            announcements.begin(asked.slot(), table, nowNanos);
        }
    }

    /** The owner has noted a part of what is here. */
    public void onAnnounced(Incarnation from, ClaimMessage.Announced noted, long nowNanos) {
        if (isOwner(from, noted.slot(), noted.epoch())) {
            announcements.onNoted(noted, table, nowNanos);
        }
    }

    // ---- Owners change

    /**
     * What is here is told to owners from now on, since clients can be sent to it. Before, nobody may take what is not told
     * for what is not here.
     */
    public void announce(long nowNanos) {
        announces = true;
        for (var slot = 0; slot < SlotHash.COUNT; slot++) {
            announcements.begin(slot, table, nowNanos);
        }
    }

    /** Slots have other owners, or copies, from now on. */
    public void onTable(SlotTable newer, long nowNanos) {
        var older = table;
        table = newer;
        for (var slot = 0; slot < SlotHash.COUNT; slot++) {
            if (newer.slot(slot).equals(older.slot(slot))) {
                continue;
            }
            ownedSinceNanos[slot] = nowNanos;
            if (newer.slot(slot).epoch() != older.slot(slot).epoch()
                    && newer.owner(slot).isPresent()) {
                if (announces) {
                    announcements.begin(slot, newer, nowNanos);
                }
                ask(slot, nowNanos);
            }
        }
    }

    /** Asks a new owner what the one before has not answered. */
    private void ask(int slot, long nowNanos) {
        for (var client : clientsOf(slot)) {
            for (var claim = newest(client); claim != null; claim = claim.earlier) {
                if (claim.state == State.OPENING || claim.state == State.CLOSING) {
                    say(claim, nowNanos);
                }
            }
        }
    }

    private List<String> clientsOf(int slot) {
        var table = bySlot[slot];
        return table == null
                ? List.of()
                : table.values().stream().map(claim -> claim.clientId).toList();
    }

    /** Whom there is something to announce of. */
    private Collection<String> announced(int slot) {
        var clients = new LinkedHashSet<>(clientsOf(slot));
        clients.addAll(homes.clientsOf(slot));
        return clients;
    }

    private List<ClaimRecord> records(String clientId, long nowNanos) {
        var records = new ArrayList<ClaimRecord>(2);
        homes.record(clientId, nowNanos).ifPresent(records::add);
        var claim = find(clientId, FrontClaim::wasGranted);
        if (claim != null) {
            records.add(claim.record(self));
        }
        return records;
    }

    // ---- Time

    /** Says again what was not answered. To be called at least every 10 ms or so. */
    public void tick(long nowNanos) {
        while (!pending.isEmpty() && nowNanos - pending.element().dueNanos >= 0) {
            var claim = pending.remove().claim;
            claim.queued = false;
            if (find(claim.clientId, claim.token) == claim) {
                onTime(claim, nowNanos);
            }
        }
        announcements.tick(table, nowNanos);
    }

    @SuppressWarnings("ReferenceEquality")
    private void onTime(FrontClaim claim, long nowNanos) {
        switch (claim.state) {
            case WAITING, OPENING -> {
                if (nowNanos - claim.sinceNanos >= settings.unreachableAfter().toNanos()) {
                    unreachable++;
                    refuse(claim, Refusal.OWNER_UNREACHABLE);
                    giveUp(claim, nowNanos);
                } else if (claim.state == State.WAITING) {
                    queue(claim, nowNanos);
                } else {
                    say(claim, nowNanos);
                }
            }
            case CLOSING -> say(claim, nowNanos);
            case OPEN -> {}
        }
    }

    /**
     * Gives up the clients whose owner has not been heard of for too long. To be called about once a second.
     *
     * @param heardNanos when a node was heard of last
     */
    public void giveUpUnreachable(ToLongFunction<Incarnation> heardNanos, long nowNanos) {
        for (var slot = 0; slot < bySlot.length; slot++) {
            if (bySlot[slot] == null) {
                continue;
            }
            var reachedNanos = Math.max(ownedSinceNanos[slot], reachedNanos(table.slot(slot), heardNanos, nowNanos));
            if (nowNanos - reachedNanos >= settings.unreachableAfter().toNanos()) {
                clientsOf(slot).forEach(client -> giveUp(client, nowNanos));
            }
        }
    }

    private long reachedNanos(Slot slot, ToLongFunction<Incarnation> heardNanos, long nowNanos) {
        if (slot.owner().isEmpty()) {
            return Long.MIN_VALUE;
        }
        if (!slot.isOwnedBy(self)) {
            return heardNanos.applyAsLong(slot.owner().get());
        }
        // This node may have been replaced without knowing, by the one that it does not hear of.
        return slot.standby().map(heardNanos::applyAsLong).orElse(nowNanos);
    }

    private void giveUp(String clientId, long nowNanos) {
        for (var claim = newest(clientId); claim != null; claim = claim.earlier) {
            switch (claim.state) {
                case OPEN -> {
                    unreachable++;
                    expel(claim, Expulsion.OWNER_UNREACHABLE, false);
                    close(claim, Ending.LOST, nowNanos);
                }
                case WAITING, OPENING -> {
                    unreachable++;
                    refuse(claim, Refusal.OWNER_UNREACHABLE);
                    giveUp(claim, nowNanos);
                }
                case CLOSING -> {}
            }
        }
    }

    // ---- Questions

    /** Clients that are here: connected, or connecting. */
    public int clients() {
        return clients;
    }

    /** What there is to measure. */
    public FrontFigures figures() {
        return new FrontFigures(
                clients, opening, announcements.size(), announcements.count(), refused, unreachable, stale);
    }

    /** Whether that is the word of the owner of the client's slot. */
    public boolean isOwner(Incarnation from, String clientId, long epoch) {
        return isOwner(from, SlotHash.ofClient(clientId), epoch);
    }

    /** Whether that is the owner's word: who was it before, or is not, is not listened to. */
    private boolean isOwner(Incarnation from, int slot, long epoch) {
        var known = table.slot(slot);
        if (known.epoch() == epoch && known.isOwnedBy(from)) {
            return true;
        }
        stale++;
        return false;
    }

    private void say(FrontClaim claim, long nowNanos) {
        var slot = SlotHash.ofClient(claim.clientId);
        var epoch = table.slot(slot).epoch();
        table.owner(slot).ifPresent(owner -> {
            claim.said = true;
            mail.say(owner, message(claim, epoch));
        });
        queue(claim, nowNanos);
    }

    private void queue(FrontClaim claim, long nowNanos) {
        if (!claim.queued) {
            claim.queued = true;
            pending.add(new Pending(claim, nowNanos + settings.repeatAfter().toNanos()));
        }
    }

    private static ClaimMessage message(FrontClaim claim, long epoch) {
        return claim.state == State.OPENING
                ? new ClaimMessage.Open(
                        epoch,
                        claim.clientId,
                        claim.token,
                        claim.cleanStart,
                        claim.expirySeconds(),
                        Optional.ofNullable(claim.will))
                : new ClaimMessage.Close(
                        epoch, claim.clientId, claim.token, claim.number, claim.ending, claim.expirySeconds());
    }

    private static void expel(FrontClaim claim, Expulsion reason, boolean sessionEnds) {
        var connection = claim.connection;
        claim.connection = null;
        if (connection != null) {
            connection.expelled(reason, sessionEnds);
        }
    }

    private static void refuse(FrontClaim claim, Refusal reason) {
        var connection = claim.connection;
        claim.connection = null;
        if (connection != null) {
            connection.refused(reason);
        }
    }

    private void remember(FrontClaim claim) {
        if (claim.ending == Ending.LOST) {
            return; // As is assumed of all that nobody remembers.
        }
        endings.put(claim.token, claim.ending);
        if (endings.size() > ENDINGS_MAX) {
            endings.remove(endings.keySet().iterator().next());
        }
    }

    private @Nullable FrontClaim newest(String clientId) {
        var table = bySlot[SlotHash.ofClient(clientId)];
        return table == null ? null : table.find(clientId);
    }

    private @Nullable FrontClaim find(String clientId, long token) {
        return find(clientId, candidate -> candidate.token == token);
    }

    private @Nullable FrontClaim find(String clientId, Predicate<FrontClaim> wanted) {
        for (var claim = newest(clientId); claim != null; claim = claim.earlier) {
            if (wanted.test(claim)) {
                return claim;
            }
        }
        return null;
    }

    /** The owner has answered, or need not any more: it is not waited for on behalf of a client that opens. */
    private void answered(FrontClaim claim) {
        if (claim.unanswered) {
            claim.unanswered = false;
            opening--;
        }
    }

    private void put(FrontClaim newest) {
        var slot = SlotHash.ofClient(newest.clientId);
        var table = bySlot[slot];
        if (table == null) {
            table = new ClientTable<>(claim -> claim.clientId);
            bySlot[slot] = table;
        }
        table.put(newest);
    }

    /** Takes one out of the row of its client. */
    @SuppressWarnings("ReferenceEquality")
    private void drop(FrontClaim claim) {
        answered(claim);
        var newest = newest(claim.clientId);
        if (newest == claim) {
            if (claim.earlier != null) {
                put(claim.earlier);
            } else {
                remove(claim);
            }
            return;
        }
        for (var later = newest; later != null; later = later.earlier) {
            if (later.earlier == claim) {
                later.earlier = claim.earlier;
                return;
            }
        }
    }

    private void remove(FrontClaim last) {
        var slot = SlotHash.ofClient(last.clientId);
        var table = bySlot[slot];
        if (table != null) {
            table.remove(last.clientId);
            clients--;
            if (table.size() == 0) {
                bySlot[slot] = null;
            }
        }
    }
}
