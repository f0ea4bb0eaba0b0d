package io.meridianmq.core.retained;

import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.publication.Publication;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Keeps what is put into slots of which this node is the owner: here, and at every copy that the slot table names. A put is
 * answered when all of them have it on disk. A copy that does not answer is asked again until it does or the table names it
 * no more, so a put that was answered is on every copy, the one that is being filled included.
 *
 * <p>Bounded: while {@link #ENTRIES_MAX} publications or {@link #BYTES_MAX} are under way, whoever asks is refused, and asks
 * again.
 */
final class SlotKeeper {

    static final int ENTRIES_MAX = 20_000;
    static final long BYTES_MAX = 64L << 20;

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int SUCCESS = 0x00;
    private static final int UNSPECIFIED_ERROR = 0x80;
    private static final int QUOTA_EXCEEDED = 0x97;

    private final Supplier<Standing> standing;
    private final RetainedStore store;
    private final Asking asking;
    private final BiConsumer<Publication, Question.PutStage> onStored;
    private int entries;
    private long bytes;

    /** @param onStored told of each publication that is now its topic's value; borrowed for the call */
    SlotKeeper(
            Supplier<Standing> standing,
            RetainedStore store,
            Asking asking,
            BiConsumer<Publication, Question.PutStage> onStored) {
        this.standing = standing;
        this.store = store;
        this.asking = asking;
        this.onStored = onStored;
    }

    /** @param respond called once, possibly during this call */
    void keep(Question.RetainedPut put, Consumer<Answer> respond) {
        var slot = put.topicSlot();
        if (standing.get().role(slot) != Standing.Role.OWNER) {
            respond.accept(new Answer.Refused("not the owner of slot " + slot));
        } else if (entries >= ENTRIES_MAX || bytes >= BYTES_MAX) {
            respond.accept(new Answer.Refused("busy"));
        } else {
            new Round(put, respond).start();
        }
    }

    /** Keeps what the owner of its slot keeps as well. */
    void keepCopy(Question.RetainedPut put, Consumer<Answer> respond) {
        var waiting = new int[] {put.publications().size(), SUCCESS};
        if (waiting[0] == 0) {
            respond.accept(new Answer.RetainedKept(SUCCESS));
        }
        for (var publication : put.publications()) {
            store.keep(publication, kept -> {
                waiting[0]--;
                waiting[1] = Math.max(waiting[1], reasonCode(kept));
                if (waiting[0] == 0) {
                    respond.accept(new Answer.RetainedKept(waiting[1]));
                }
            });
        }
    }

    /** Publications that are not yet on every disk they should be on. */
    int underWay() {
        return entries;
    }

    private static int reasonCode(RetainedStore.Kept kept) {
        return switch (kept) {
            case STORED, SUPERSEDED -> SUCCESS;
            case FULL -> QUOTA_EXCEEDED;
            case FAILED -> UNSPECIFIED_ERROR;
        };
    }

    /** One put on its way to every disk. Holds a share of each of its publications. */
    private final class Round {
        private final Question.RetainedPut put;
        private final Consumer<Answer> respond;
        private final List<Publication> stored = new ArrayList<>();
        private final long size;
        private int waiting = 1;
        private int reasonCode;
        private boolean isLost;

        Round(Question.RetainedPut asked, Consumer<Answer> respond) {
            this.put = new Question.RetainedPut(
                    asked.topicSlot(),
                    asked.stage(),
                    asked.publications().stream().map(Publication::shareForLong).toList());
            this.respond = respond;
            this.size = put.publications().stream()
                    .mapToLong(RetainedStore::sizeBytes)
                    .sum();
        }

        void start() {
            entries += put.publications().size();
            bytes += size;
            for (var publication : put.publications()) {
                waiting++;
                store.keep(publication, kept -> {
                    if (kept == RetainedStore.Kept.STORED) {
                        stored.add(publication);
                    }
                    done(reasonCode(kept));
                });
            }
            for (var copy : standing.get().copies(put.topicSlot())) {
                waiting++;
                send(copy);
            }
            done(SUCCESS);
        }

        private void send(Incarnation copy) {
            var question = new Question.RetainedPut(put.topicSlot(), Question.PutStage.COPY, put.publications());
            asking.ask(copy.place(), question, PATIENCE, answer -> onAnswer(copy, answer));
        }

        private void onAnswer(Incarnation copy, Optional<Answer> answer) {
            if (answer.isPresent() && answer.get() instanceof Answer.RetainedKept(var code)) {
                done(code);
            } else {
                asking.after(PAUSE, () -> again(copy));
            }
        }

        private void again(Incarnation copy) {
            var now = standing.get();
            if (now.role(put.topicSlot()) != Standing.Role.OWNER) {
                isLost = true; // Whoever owns the slot now is to say when it is kept.
                done(SUCCESS);
            } else if (now.copies(put.topicSlot()).contains(copy)) {
                send(copy);
            } else {
                done(SUCCESS);
            }
        }

        private void done(int code) {
            reasonCode = Math.max(reasonCode, code);
            waiting--;
            if (waiting > 0) {
                return;
            }
            entries -= put.publications().size();
            bytes -= size;
            respond.accept(
                    isLost
                            ? new Answer.Refused("not the owner of slot " + put.topicSlot() + " any more")
                            : new Answer.RetainedKept(reasonCode));
            stored.forEach(publication -> onStored.accept(publication, put.stage()));
            put.publications().forEach(Publication::release);
        }
    }
}
