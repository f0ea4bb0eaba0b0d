package io.meridianmq.core.retained;

import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * One page of a look-up, gathered from several places at once: whom it asks answers with a page of its own, and of each topic
 * the newest version counts.
 *
 * <p>One that refuses, since others ask it as well, is asked again a few times. For one that cannot be asked, or does not
 * answer in time, others stand in, with their copies; where there is nobody, what only that one has is missed, and counted.
 */
final class Gathering {

    /** How often one that refuses is asked again, each time after twice the pause: 0.3 s in all. */
    static final int REPEATS_MAX = 5;

    private static final Duration PAUSE = Duration.ofMillis(10);

    /** Asks one place. */
    @FunctionalInterface
    interface Way {

        /**
         * Asks.
         *
         * @param onAnswer called once, with nothing if no answer came in time
         * @return false if there is no way to the place at the moment; nothing is called then
         */
        boolean ask(Place place, Question.RetainedLookup question, Consumer<Optional<Answer>> onAnswer);
    }

    /**
     * A place to ask.
     *
     * @param standIns whom to ask for copies if it does not answer; the place itself if all below it may have copies
     */
    record Target(Place place, Question.RetainedLookup question, List<Place> standIns) {
        Target {
            standIns = List.copyOf(standIns);
        }
    }

    private final Place self;
    private final Way way;
    private final Asking asking;
    private final NewestVersions newest;
    private final Consumer<Gathering> onOver;
    private final Set<Place> answered = new HashSet<>();
    private final Set<Place> failed = new HashSet<>();
    private final Set<Place> standingIn = new HashSet<>();
    private int awaited = 1;
    private int missed;

    /**
     * @param self who gathers
     * @param onOver called once, possibly during {@link #start}, when everybody has answered or has had the time to
     */
    Gathering(Place self, String afterTopic, Way way, Asking asking, Consumer<Gathering> onOver) {
        this.self = self;
        this.way = way;
        this.asking = asking;
        this.newest = new NewestVersions(afterTopic);
        this.onOver = onOver;
    }

    void start(List<Target> targets) {
        for (var target : targets) {
            awaited++;
            ask(target, 0);
        }
        done();
    }

    /** When it is over: what was found, to be taken once. */
    NewestVersions newest() {
        return newest;
    }

    /**
     * When it is over, and there is more: the same targets for the next page, without those that did not answer. In place of
     * these the others go on with their copies.
     */
    List<Target> next(List<Target> targets, String afterTopic) {
        return targets.stream()
                .filter(target -> answered.contains(target.place()))
                .map(target -> new Target(
                        target.place(),
                        (standingIn.contains(target.place()) ? target.question().ofCopies() : target.question())
                                .after(afterTopic),
                        target.standIns()))
                .toList();
    }

    /** When it is over: how many did not answer, here and where others gathered for this. */
    int missed() {
        return missed;
    }

    private void ask(Target target, int repeats) {
        if (!way.ask(target.place(), target.question(), answer -> onAnswer(target, repeats, answer))) {
            fail(target, true);
        }
    }

    private void onAnswer(Target target, int repeats, Optional<Answer> answer) {
        if (answer.isPresent() && answer.get() instanceof Answer.RetainedFound found) {
            take(target, found);
        } else if (answer.isPresent() && repeats < REPEATS_MAX) {
            asking.after(PAUSE.multipliedBy(1L << repeats), () -> ask(target, repeats + 1));
        } else {
            fail(target, answer.isPresent());
        }
    }

    private void take(Target target, Answer.RetainedFound found) {
        // What came over a link lies in the memory of all that came with it, and whoever wants this may be slow.
        UnaryOperator<Publication> keep = target.place().equals(self) ? Publication::share : Publication::shareForLong;
        if (newest.add(found, keep)) {
            answered.add(target.place());
            missed += found.missed();
        } else {
            missed++;
        }
        done();
    }

    /** @param answers whether it said so itself, or it is known at once that there is no way */
    private void fail(Target target, boolean answers) {
        missed++;
        failed.add(target.place());
        for (var standIn : target.standIns()) {
            var isItself = standIn.equals(target.place());
            if ((isItself ? answers : !failed.contains(standIn)) && standingIn.add(standIn)) {
                awaited++;
                ask(new Target(standIn, target.question().ofCopies(), List.of()), 0);
            }
        }
        done();
    }

    private void done() {
        awaited--;
        if (awaited == 0) {
            onOver.accept(this);
        }
    }
}
