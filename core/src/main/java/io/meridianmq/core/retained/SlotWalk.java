package io.meridianmq.core.retained;

import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One walk over a slot of this node's store, page by page, that gives each publication to whoever should have it. It goes on
 * with the next page when everybody has the one before on disk, and ends early when somebody does not take it.
 */
final class SlotWalk {

    /** Who is to have a publication, and as what. */
    record Target(Place place, Question.PutStage stage) {}

    /**
     * What the walk is for.
     *
     * @param targets who is to have a publication; nobody if it may stay as it is
     * @param leaves which of those that were given away do not belong here any more
     * @param mayForget asked before anything is forgotten; once it says no the walk ends
     */
    record Purpose(
            Function<Publication, Optional<Target>> targets, Predicate<Publication> leaves, BooleanSupplier mayForget) {

        /** Some topics go to one target, and stay here as well. */
        static Purpose copyTo(Target target, Predicate<String> topics) {
            return new Purpose(
                    publication -> topics.test(publication.topic()) ? Optional.of(target) : Optional.empty(),
                    _ -> false,
                    () -> true);
        }
    }

    /**
     * What became of it.
     *
     * @param isComplete whether everybody has everything
     * @param given publications that were given away
     */
    record Outcome(boolean isComplete, int given) {}

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final int slot;
    private final Purpose purpose;
    private final RetainedStore store;
    private final Asking asking;
    private final Consumer<Outcome> onOver;
    private int given;

    SlotWalk(int slot, Purpose purpose, RetainedStore store, Asking asking, Consumer<Outcome> onOver) {
        this.slot = slot;
        this.purpose = purpose;
        this.store = store;
        this.asking = asking;
        this.onOver = onOver;
    }

    void start() {
        read("");
    }

    private void read(String afterTopic) {
        store.read(
                slot,
                afterTopic,
                page -> page.ifPresentOrElse(
                        read -> new Page(read).give(), () -> onOver.accept(new Outcome(false, given))));
    }

    /** The publications of one page that go somewhere; holds a share of each. */
    private final class Page {
        private final Map<Target, List<Publication>> batches = new LinkedHashMap<>();
        private final Optional<String> next;
        private int waiting = 1;
        private boolean isTaken = true;

        Page(RetainedStore.SlotPage page) {
            next = page.more() ? Optional.of(page.found().getLast().topic()) : Optional.empty();
            for (var publication : page.found()) {
                purpose.targets()
                        .apply(publication)
                        .ifPresent(target -> batches.computeIfAbsent(target, _ -> new ArrayList<>())
                                .add(publication.shareForLong()));
            }
        }

        void give() {
            batches.forEach((target, batch) -> {
                waiting++;
                var put = new Question.RetainedPut(slot, target.stage(), batch);
                asking.ask(target.place(), put, PATIENCE, answer -> {
                    isTaken &= answer.isPresent() && answer.get() instanceof Answer.RetainedKept(var code) && code == 0;
                    done();
                });
            });
            done();
        }

        private void done() {
            waiting--;
            if (waiting > 0) {
                return;
            }
            var goesOn = isTaken && forget();
            batches.values().forEach(batch -> {
                given += goesOn ? batch.size() : 0;
                batch.forEach(Publication::release);
            });
            if (goesOn && next.isPresent()) {
                read(next.get());
            } else {
                onOver.accept(new Outcome(goesOn, given));
            }
        }

        private boolean forget() {
            var leaving = batches.values().stream()
                    .flatMap(List::stream)
                    .filter(purpose.leaves())
                    .toList();
            if (!leaving.isEmpty() && !purpose.mayForget().getAsBoolean()) {
                return false;
            }
            leaving.forEach(publication -> store.forget(publication.topic(), RetainedVersion.of(publication)));
            return true;
        }
    }
}
