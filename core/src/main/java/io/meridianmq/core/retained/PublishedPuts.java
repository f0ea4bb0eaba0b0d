package io.meridianmq.core.retained;

import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.slot.SlotHash;
import io.meridianmq.topic.TopicFilter;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * Retained messages and clears that were published at this node, until they are on disk at the owner of their slot and its
 * copies.
 *
 * <p>Each is put until it is answered. It goes to its home, if that is in this region; if its home does not answer, or is in
 * another region, this zone's owner of the slot takes it and sees to the rest. Bounded: what is beyond {@link #ENTRIES_MAX}
 * or {@link #BYTES_MAX} is refused with 0x97, and so is a publish whose owner has no room on its disk.
 */
final class PublishedPuts {

    static final int ENTRIES_MAX = 10_000;
    static final long BYTES_MAX = 32L << 20;

    /** For an answer; a home in another zone is given two chances of this. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Duration PAUSE_MIN = Duration.ofMillis(20);
    private static final int PAUSE_DOUBLINGS = 6;
    private static final int AT_HOME_ONLY = 2;
    private static final int QUOTA_EXCEEDED = 0x97;

    /** One publish; holds a share. */
    private static final class Put {
        final Publication publication;
        final IntConsumer onKept;
        int attempts;

        Put(Publication publication, IntConsumer onKept) {
            this.publication = publication;
            this.onKept = onKept;
        }
    }

    private final Supplier<Standing> standing;
    private final Asking asking;
    private final Set<Put> underWay = new LinkedHashSet<>();
    private long bytes;
    private long puts;
    private long refused;

    PublishedPuts(Supplier<Standing> standing, Asking asking) {
        this.standing = standing;
        this.asking = asking;
    }

    /** @param onKept gets 0x00 or the reason code why it was not taken, once, possibly during this call */
    void put(Publication publication, IntConsumer onKept) {
        var size = RetainedStore.sizeBytes(publication);
        if (underWay.size() >= ENTRIES_MAX || bytes + size > BYTES_MAX) {
            refused++;
            onKept.accept(QUOTA_EXCEEDED);
            return;
        }
        puts++;
        bytes += size;
        var put = new Put(publication.shareForLong(), onKept);
        underWay.add(put);
        send(put);
    }

    /** What is under way and matches, in no particular order; borrowed. */
    List<Publication> matching(String filter) {
        if (underWay.isEmpty()) {
            return List.of();
        }
        var wanted = TopicFilter.of(filter);
        return underWay.stream()
                .map(put -> put.publication)
                .filter(publication -> wanted.matches(publication.topic()))
                .toList();
    }

    int size() {
        return underWay.size();
    }

    long puts() {
        return puts;
    }

    long refused() {
        return refused;
    }

    private void send(Put put) {
        var publication = put.publication;
        var question = new Question.RetainedPut(
                SlotHash.ofTopic(publication.topic()), Question.PutStage.PUBLISHED, List.of(publication));
        var destination = destination(put);
        put.attempts++;
        asking.ask(destination, question, PATIENCE, answer -> onAnswer(put, answer));
    }

    private Place destination(Put put) {
        var homes = standing.get().homes();
        var home = homes.nearest(put.publication.topic());
        var ownZone = homes.self().inZone();
        var isNear = home.inRegion().equals(ownZone.inRegion());
        var isHomesTurn = put.attempts < AT_HOME_ONLY || put.attempts % 2 == 1;
        return isNear && isHomesTurn ? home : ownZone;
    }

    private void onAnswer(Put put, Optional<Answer> answer) {
        if (answer.isPresent() && answer.get() instanceof Answer.RetainedKept(var reasonCode)) {
            underWay.remove(put);
            bytes -= RetainedStore.sizeBytes(put.publication);
            put.publication.release();
            put.onKept.accept(reasonCode);
            return;
        }
        var pause = PAUSE_MIN.multipliedBy(1L << Math.min(put.attempts - 1, PAUSE_DOUBLINGS));
        asking.after(pause, () -> send(put));
    }
}
