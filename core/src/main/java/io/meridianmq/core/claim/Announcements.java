package io.meridianmq.core.claim;

import io.meridianmq.core.link.ClaimMessage;
import io.meridianmq.core.link.ClaimRecord;
import io.meridianmq.core.slot.SlotHash;
import io.meridianmq.core.slot.SlotTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.BiFunction;
import java.util.function.IntFunction;

/**
 * Tells new owners of slots what connections and sessions this node has there: slot by slot, in parts, each said again
 * until it is noted. Belongs to {@link ClaimFront}.
 */
final class Announcements {

    private static final int PART_BYTES_MAX = 128 << 10;
    /** Slots announced at once; others wait. */
    private static final int UNDER_WAY_MAX = 512;

    /** One slot's. */
    private static final class Announcement {
        final int slot;
        final long epoch;
        /** Those who are still to be told of. */
        final Queue<String> clients;

        int part;
        ClaimMessage.Announce said;
        long saidNanos;
        int repeats;

        Announcement(int slot, long epoch, Collection<String> clients) {
            this.slot = slot;
            this.epoch = epoch;
            this.clients = new ArrayDeque<>(clients);
            this.said = new ClaimMessage.Announce(epoch, slot, 0, false, List.of());
        }
    }

    private final ClaimSettings settings;
    private final Mail mail;
    private final IntFunction<Collection<String>> clientsOf;
    private final BiFunction<String, Long, List<ClaimRecord>> recordsOf;
    private final Map<Integer, Announcement> underWay = new LinkedHashMap<>();
    private final Queue<Integer> waiting = new ArrayDeque<>();
    private final boolean[] isWaiting = new boolean[SlotHash.COUNT];
    private long count;

    /**
     * @param clientsOf the clients of a slot
     * @param recordsOf what there is of a client at a time, if it still is
     */
    Announcements(
            ClaimSettings settings,
            Mail mail,
            IntFunction<Collection<String>> clientsOf,
            BiFunction<String, Long, List<ClaimRecord>> recordsOf) {
        this.settings = settings;
        this.mail = mail;
        this.clientsOf = clientsOf;
        this.recordsOf = recordsOf;
    }

    /** Slots that are announced, or wait to be. */
    int size() {
        return underWay.size() + waiting.size();
    }

    /** Slots that were announced, since the start. */
    long count() {
        return count;
    }

    /** Begins, or begins anew if the slot has another owner now. */
    void begin(int slot, SlotTable table, long nowNanos) {
        var current = underWay.get(slot);
        if (isWaiting[slot]
                || (current != null && current.epoch == table.slot(slot).epoch())) {
            return;
        }
        underWay.remove(slot);
        waiting.add(slot);
        isWaiting[slot] = true;
        startWaiting(table, nowNanos);
    }

    /** A part has been noted. */
    void onNoted(ClaimMessage.Announced noted, SlotTable table, long nowNanos) {
        var announcement = underWay.get(noted.slot());
        if (announcement == null || announcement.epoch != noted.epoch() || announcement.part != noted.part()) {
            return;
        }
        if (announcement.said.last()) {
            count++;
            underWay.remove(noted.slot());
            startWaiting(table, nowNanos);
        } else {
            announcement.part++;
            announcement.repeats = 0;
            sayNext(announcement, table, nowNanos);
        }
    }

    /** Says again what has not been noted for a while. */
    void tick(SlotTable table, long nowNanos) {
        if (underWay.isEmpty()) {
            return;
        }
        for (var announcement : List.copyOf(underWay.values())) {
            if (nowNanos - announcement.saidNanos >= settings.repeatAfterNanos(announcement.repeats)) {
                announcement.repeats++;
                say(announcement, table, nowNanos);
            }
        }
    }

    private void startWaiting(SlotTable table, long nowNanos) {
        while (underWay.size() < UNDER_WAY_MAX && !waiting.isEmpty()) {
            var slot = waiting.remove();
            isWaiting[slot] = false;
            if (table.owner(slot).isPresent()) {
                var announcement = new Announcement(slot, table.slot(slot).epoch(), clientsOf.apply(slot));
                underWay.put(slot, announcement);
                sayNext(announcement, table, nowNanos);
            }
        }
    }

    private void sayNext(Announcement announcement, SlotTable table, long nowNanos) {
        var records = new ArrayList<ClaimRecord>();
        var bytes = 0;
        while (!announcement.clients.isEmpty() && bytes < PART_BYTES_MAX) {
            for (var claimed : recordsOf.apply(announcement.clients.remove(), nowNanos)) {
                bytes += ClaimSizes.of(claimed);
                records.add(claimed);
            }
        }
        announcement.said = new ClaimMessage.Announce(
                announcement.epoch, announcement.slot, announcement.part, announcement.clients.isEmpty(), records);
        say(announcement, table, nowNanos);
    }

    private void say(Announcement announcement, SlotTable table, long nowNanos) {
        announcement.saidNanos = nowNanos;
        if (table.slot(announcement.slot).epoch() == announcement.epoch) {
            table.owner(announcement.slot).ifPresent(owner -> mail.say(owner, announcement.said));
        } else {
            underWay.remove(announcement.slot, announcement); // Whoever owns the slot now is told by itself.
        }
    }
}
