package io.meridianmq.core.retained;

import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.OpenQuestions;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A gateway's part in finding retained messages: it asks those below it, and merges what they answer. It keeps none itself.
 *
 * <p>Bounded: while {@link #OPEN_MAX} look-ups are open, whoever asks is refused, and asks again. Owned by the thread that
 * drives the gateway.
 */
public final class RetainedGateway {

    static final int OPEN_MAX = 2_000;

    /** What the gateway can do for this part of it. */
    public interface Outlet extends OpenQuestions.Sender {

        /** Answers a question; publications of the answer are borrowed for the call. */
        void answer(Frame.Request request, Answer answer);

        /** Whether there is a way to a place at the moment. */
        boolean reaches(Place place);
    }

    private final Place self;
    private final Outlet outlet;
    private final Supplier<List<Place>> below;
    private final OpenQuestions questions;
    private final Asking asking;
    private int open;
    private long lookups;
    private long missed;

    /**
     * @param self a zone or region
     * @param below the live nodes of the zone, or zones of the region
     */
    public RetainedGateway(Place self, Outlet outlet, Supplier<List<Place>> below, long nowNanos) {
        this.self = self;
        this.outlet = outlet;
        this.below = below;
        this.questions = new OpenQuestions(outlet, nowNanos);
        this.asking = new Asking(questions, nowNanos);
    }

    /** A look-up in all that is below. */
    public void onAsked(Frame.Request request, Question.RetainedLookup lookup) {
        if (open >= OPEN_MAX) {
            outlet.answer(request, new Answer.Refused("busy"));
            return;
        }
        if (lookup.limit() < 1 || lookup.limit() > RetainedStore.LIMIT_MAX) {
            outlet.answer(request, new Answer.Refused("not a look-up of retained messages: " + lookup));
            return;
        }
        open++;
        lookups++;
        var places = below.get();
        var standIns = self.level() == Place.Level.ZONE ? places : List.<Place>of();
        var targets = places.stream()
                .map(place -> new Gathering.Target(place, lookup, standIns))
                .toList();
        new Gathering(self, lookup.afterTopic(), this::ask, asking, over -> {
                    open--;
                    missed += over.missed();
                    var page = over.newest().take(lookup.limit(), RetainedStore.PAGE_BYTES_MAX, _ -> true);
                    outlet.answer(request, new Answer.RetainedFound(page.found(), page.more(), over.missed()));
                    page.found().forEach(Publication::release);
                })
                .start(targets);
    }

    /** An answer came; false if it is to somebody else's question. */
    public boolean onAnswered(Frame.Response response) {
        return questions.onAnswered(response);
    }

    /** Does what is due. */
    public void onTick(long nowNanos) {
        asking.onTick(nowNanos);
    }

    /** Look-ups that were gathered, since the start. */
    public long lookups() {
        return lookups;
    }

    /** Places below that did not answer one, since the start. */
    public long missed() {
        return missed;
    }

    private boolean ask(Place place, Question.RetainedLookup lookup, Consumer<Optional<Answer>> onAnswer) {
        if (!outlet.reaches(place)) {
            return false;
        }
        asking.ask(place, lookup, RetainedNode.patience(place), onAnswer);
        return true;
    }
}
