package io.meridianmq.core.mesh;

import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.LinkReport;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.route.NextHop;
import io.meridianmq.core.slot.SlotTable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Predicate;

/**
 * global-control's part in the platform: it knows every component, and asks them questions.
 *
 * <p>Its directory lists region gateways only. Zone gateways and nodes it knows from the reports that they pass upward
 * once a second, which is soft state: a component that stops reporting is forgotten. It routes no publications.
 *
 * <p>Any thread may call {@link #components} and {@link #changes}, its owner everything.
 */
public final class ControlMesh implements Mesh {

    private final ControlSettings settings;
    private final ControlOutlet outlet;
    private final ComponentReports reports;
    private final Map<Long, Asked> asked = new HashMap<>();
    private final Set<Place> links = new HashSet<>();
    private volatile MembershipView view = MembershipView.EMPTY;
    private volatile long changes;
    private long unanswered;
    private long lateAnswers;
    private long misrouted;

    /** @param component who is to answer, or the zone or region one of whose nodes is */
    private record Asked(Place component, boolean forSlot, long deadlineNanos) {

        boolean mayAnswer(Place answerer) {
            return forSlot ? component.contains(answerer) : component.equals(answerer);
        }
    }

    public ControlMesh(ControlSettings settings, ControlOutlet outlet, long nowNanos) {
        this.settings = settings;
        this.outlet = outlet;
        this.reports = new ComponentReports(settings, nowNanos);
    }

    /** Everybody who is known, global-control included once it is listed, in place order. Any thread may call. */
    public SortedMap<Place, KnownComponent> components() {
        return reports.with(view);
    }

    /** Grows when what {@link #components} returns has changed. Any thread may call. */
    public long changes() {
        return changes;
    }

    /**
     * Asks a component or, with a question that has a {@linkplain Question#slot slot}, the owner of that slot in a zone or
     * region. {@link ControlOutlet#answered} or {@link ControlOutlet#unanswered} follows, exactly one of them
     * and once; the latter possibly before this returns.
     *
     * @param id no other question has it
     */
    public void ask(long id, Place component, Question question, long deadlineNanos) {
        var next = NextHop.toward(Place.GLOBAL, component, NextHop.NO_SLOT, SlotTable.EMPTY, view, links::contains)
                .filter(links::contains);
        if (next.isEmpty()) {
            giveUp(id, component, ControlOutlet.Cause.NO_LINK);
        } else if (asked.size() >= settings.questionsMax()) {
            giveUp(id, component, ControlOutlet.Cause.TOO_MANY);
        } else {
            asked.put(id, new Asked(component, question.slot().isPresent(), deadlineNanos));
            outlet.send(next.get(), new Frame.Request(id, Place.GLOBAL, component, question, 0));
        }
    }

    @Override
    public void onView(MembershipView newer, long nowNanos) {
        view = newer;
        changed();
    }

    @Override
    public void onLinkUp(Place neighbour, long nowNanos) {
        links.add(neighbour);
    }

    @Override
    public void onLinkDown(Place neighbour, long nowNanos) {
        links.remove(neighbour);
        giveUp(question -> neighbour.contains(question.component()), ControlOutlet.Cause.NO_LINK);
    }

    @Override
    public void onLeftOut(Place neighbour, long nowNanos) {
        // It has nothing that somebody else could have taken over.
    }

    @Override
    public void onFrame(Place from, Frame frame, long nowNanos) {
        switch (frame) {
            case Frame.Report report -> onReport(from, report, nowNanos);
            case Frame.Response response -> onResponse(response);
            case Frame.Request request -> refuse(from, request);
            case Frame.Forward _,
                    Frame.LaneData _,
                    Frame.LaneAck _,
                    Frame.Between _,
                    Frame.InterestSnapshot _,
                    Frame.InterestDelta _,
                    Frame.InterestAck _,
                    Frame.InterestSummary _,
                    Frame.DigestFrame _,
                    Frame.SettingsFrame _ -> misrouted++;
        }
    }

    @Override
    public void report(Map<String, Double> figures, List<LinkReport> links, long nowNanos, long atMillis) {
        // Nobody is above: it keeps its own report with those of the others.
        view.member(Place.GLOBAL).ifPresent(listed -> {
            var own = new Frame.Report(listed, atMillis, figures, links);
            if (reports.take(Place.GLOBAL, own, listed.boot(), nowNanos)) {
                changed();
            }
        });
    }

    @Override
    public void flush(long nowNanos) {
        if (reports.sweep(nowNanos)) {
            changed();
        }
        giveUp(question -> nowNanos - question.deadlineNanos() >= 0, ControlOutlet.Cause.TOO_LATE);
    }

    @Override
    public boolean isReady(long nowNanos) {
        return view.revision() > 0;
    }

    /** What there is to measure. */
    public ControlFigures figures() {
        return new ControlFigures(
                links.size(),
                reports.size(),
                asked.size(),
                reports.stale(),
                reports.refused(),
                unanswered,
                lateAnswers,
                misrouted);
    }

    private void onReport(Place from, Frame.Report report, long nowNanos) {
        var listed = view.members().get(report.member().place());
        if (reports.take(from, report, listed == null ? Long.MIN_VALUE : listed.boot(), nowNanos)) {
            outlet.reported(report);
            changed();
        }
    }

    private void onResponse(Frame.Response response) {
        var question = asked.get(response.id());
        if (question == null || !question.mayAnswer(response.answerer())) {
            lateAnswers++;
            return;
        }
        asked.remove(response.id());
        outlet.answered(response);
    }

    private void refuse(Place from, Frame.Request request) {
        if (!request.destination().equals(Place.GLOBAL)) {
            misrouted++;
            return;
        }
        var answer = new Answer.Refused("global-control routes no publications and keeps no retained messages");
        outlet.send(from, new Frame.Response(request.id(), Place.GLOBAL, request.asker(), answer, 0));
    }

    private void giveUp(Predicate<Asked> which, ControlOutlet.Cause cause) {
        if (asked.isEmpty()) {
            return;
        }
        Map.copyOf(asked).forEach((id, question) -> {
            if (which.test(question)) {
                asked.remove(id);
                giveUp(id, question.component(), cause);
            }
        });
    }

    private void giveUp(long id, Place component, ControlOutlet.Cause cause) {
        unanswered++;
        outlet.unanswered(id, component, cause);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One writer.
    private void changed() {
        changes++;
    }
}
