package io.meridianmq.core.retained;

import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.OpenQuestions;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.route.AddressRules;
import io.meridianmq.core.settings.CrossRegion;
import io.meridianmq.core.slot.Slot;
import io.meridianmq.core.slot.SlotContents;
import io.meridianmq.core.slot.SlotTable;
import io.meridianmq.topic.TopicFilter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/** A node's part in keeping and finding retained messages. Owned by the thread that drives the node. */
public final class RetainedNode implements SlotContents {

    private static final Duration OF_NODE = Duration.ofSeconds(1);
    private static final Duration OF_ZONE = Duration.ofMillis(2_500);
    private static final Duration OF_REGION = Duration.ofSeconds(4);

    /** What the node can do for this part of it. */
    public interface Outlet extends OpenQuestions.Sender {

        /** Answers a question; publications of the answer are borrowed for the call. */
        void answer(Frame.Request request, Answer answer);

        /** Whether there is a way to a place at the moment. */
        boolean reaches(Place place);

        /** Whether this node may have been replaced without noticing, so that it does nothing as an owner. */
        boolean isSuspended();
    }

    private final AddressRules rules;
    private final Supplier<CrossRegion> crossing;
    private final RetainedStore store;
    private final Outlet outlet;
    private final OpenQuestions questions;
    private final Asking asking;
    private final PublishedPuts puts;
    private final SlotKeeper keeper;
    private final SlotUpkeep upkeep;
    private final RetainedLookups lookups;
    private final Map<SlotWalk.Target, RetainedOutbox> outboxes = new HashMap<>();
    private Standing standing;
    private long deferred;

    /**
     * @param crossing what may go to other regions
     * @param store what is on this node's disk
     */
    public RetainedNode(
            Incarnation self,
            AddressRules rules,
            Supplier<CrossRegion> crossing,
            RetainedStore store,
            Outlet outlet,
            long nowNanos) {
        this.rules = rules;
        this.crossing = crossing;
        this.store = store;
        this.outlet = outlet;
        this.standing = new Standing(
                self,
                RetainedHomes.of(self.place(), rules, MembershipView.EMPTY, Set.of()),
                SlotTable.EMPTY,
                MembershipView.EMPTY);
        this.questions = new OpenQuestions(outlet, nowNanos);
        this.asking = new Asking(questions, nowNanos);
        this.puts = new PublishedPuts(this::standing, asking);
        this.keeper = new SlotKeeper(this::standing, store, asking, this::passOn);
        this.upkeep = new SlotUpkeep(this::standing, this::mayCross, store, asking);
        this.lookups = new RetainedLookups(this::standing, this::mayCross, this::ask, asking, store::isShown);
    }

    /** Another view of who is alive. */
    public void onView(MembershipView view) {
        var homes = RetainedHomes.of(
                standing.self().place(), rules, view, standing.homes().regions());
        become(new Standing(standing.self(), homes, standing.table(), view));
    }

    /** Another table of who has which slot of the zone. */
    public void onSlots(SlotTable table) {
        become(new Standing(standing.self(), standing.homes(), table, standing.view()));
    }

    /** The other regions that are known. */
    public void onRegions(Set<Place> regions) {
        if (!regions.equals(standing.homes().regions())) {
            var homes = RetainedHomes.of(standing.self().place(), rules, standing.view(), regions);
            become(new Standing(standing.self(), homes, standing.table(), standing.view()));
        }
    }

    /** A look-up in what this node has. */
    public void onLookup(Frame.Request request, Question.RetainedLookup lookup) {
        answer(lookup, answer -> outlet.answer(request, answer));
    }

    /** A put into what this node has; its publications are borrowed for the call. */
    public void onPut(Frame.Request request, Question.RetainedPut put) {
        take(put, answer -> outlet.answer(request, answer));
    }

    /** Another node compares what it has with what this one has. */
    public void onSum(Frame.Request request, Question.RetainedSum sum) {
        upkeep.onSum(sum, request.asker(), answer -> outlet.answer(request, answer));
    }

    /** An answer came; false if it is to somebody else's question. */
    public boolean onAnswered(Frame.Response response) {
        return questions.onAnswered(response);
    }

    /** Does what is due. */
    public void onTick(long nowNanos) {
        asking.onTick(nowNanos);
        upkeep.onTick();
    }

    /**
     * A publish with RETAIN at this node; an empty payload clears. [MQTT-3.3.1-5] [MQTT-3.3.1-6]
     *
     * @param publication borrowed for the call
     * @param onKept gets 0x00 when it is on the disks of the owner of its slot and of every copy, or the reason code why it
     *     was not taken; once, possibly during this call
     */
    public void put(Publication publication, IntConsumer onKept) {
        puts.put(publication, onKept);
    }

    /**
     * Looks for messages to send to a subscriber of this node, clears and expired ones left out.
     *
     * @param afterTopic only topics after this one in topic order; empty from the start
     * @param limit most messages in one answer
     * @param sink called once, possibly during this call
     */
    public void lookUp(TopicFilter filter, String afterTopic, int limit, RetainedSink sink) {
        lookups.lookUp(filter, afterTopic, limit, sink);
    }

    // What changes with a table is found in onSlots, of the whole table at once: it makes no difference at which epoch
    // a
    // retained message was kept.

    @Override
    public void serve(int slot, Slot now, boolean continued) {}

    @Override
    public void copiesMoved(int slot, Slot now) {}

    @Override
    public void follow(int slot, Slot now) {}

    @Override
    public void release(int slot) {}

    @Override
    public boolean isComplete(int slot, Slot now) {
        return now.joining().filter(copy -> upkeep.isFilled(slot, copy)).isPresent();
    }

    /** What there is to measure. */
    public RetainedFigures figures() {
        return new RetainedFigures(
                puts.puts(),
                puts.size() + keeper.underWay(),
                puts.refused(),
                lookups.lookups(),
                lookups.missed(),
                outboxes.values().stream().mapToInt(RetainedOutbox::size).sum(),
                deferred,
                upkeep.due(),
                upkeep.fillsDone(),
                upkeep.handedOver(),
                upkeep.differences());
    }

    private Standing standing() {
        return standing;
    }

    private boolean mayCross(String topic, Place from, Place to) {
        return from.inRegion().equals(to.inRegion())
                || crossing.get().ask(topic, from.inRegion(), to.inRegion()) == CrossRegion.Verdict.ALLOWED;
    }

    private void become(Standing newer) {
        var older = standing;
        standing = newer;
        if (!newer.homes().equals(older.homes())) {
            // What waits for a place that is gone is on the disk, and goes elsewhere when its slot is gone through.
            outboxes.entrySet().removeIf(outbox -> {
                var isGone = !isKnown(outbox.getKey().place());
                if (isGone) {
                    outbox.getValue().close();
                }
                return isGone;
            });
        }
        upkeep.onStanding(older, newer);
    }

    private boolean isKnown(Place place) {
        return standing.homes().regions().contains(place.inRegion())
                || standing.homes().zones().contains(place);
    }

    private void take(Question.RetainedPut put, Consumer<Answer> respond) {
        var slot = put.topicSlot();
        var isCopy = put.stage() == Question.PutStage.COPY;
        if (isCopy && standing.role(slot) != Standing.Role.OWNER) {
            upkeep.touch(slot);
            keeper.keepCopy(put, respond);
            if (put.publications().stream()
                    .anyMatch(publication -> !standing.homes().isHere(publication.topic()))) {
                upkeep.settle(slot, SlotUpkeep.AFTER_OWNER);
            }
        } else if (isCopy) {
            // From an owner that does not know yet that it is none any more, and may have told nobody else.
            keeper.keep(new Question.RetainedPut(slot, Question.PutStage.PUBLISHED, put.publications()), respond);
        } else if (outlet.isSuspended()) {
            respond.accept(new Answer.Refused("not sure to be the owner of slot " + slot));
        } else {
            keeper.keep(put, respond);
        }
    }

    /** What this node keeps as the owner of its slot goes to everybody else who should have it. */
    private void passOn(Publication publication, Question.PutStage stage) {
        var homes = standing.homes();
        var home = homes.nearest(publication.topic());
        if (!home.equals(homes.self().inZone())) {
            outbox(new SlotWalk.Target(home, Question.PutStage.PUBLISHED)).offer(publication);
        } else if (stage != Question.PutStage.FROM_REGION && homes.isEverywhere(publication.topic())) {
            homes.regions().stream()
                    .filter(region -> mayCross(publication.topic(), homes.self().inRegion(), region))
                    .forEach(region -> outbox(new SlotWalk.Target(region, Question.PutStage.FROM_REGION))
                            .offer(publication));
        }
    }

    private RetainedOutbox outbox(SlotWalk.Target target) {
        return outboxes.computeIfAbsent(
                target,
                _ -> new RetainedOutbox(
                        target.place(),
                        target.stage(),
                        asking,
                        publication -> arrived(publication, target),
                        slot -> defer(slot, target)));
    }

    private void arrived(Publication publication, SlotWalk.Target target) {
        var topic = publication.topic();
        if (target.stage() == Question.PutStage.PUBLISHED
                && standing.homes().nearest(topic).equals(target.place())) {
            store.forget(topic, RetainedVersion.of(publication));
        }
    }

    private void defer(int slot, SlotWalk.Target target) {
        deferred++;
        if (target.stage() == Question.PutStage.PUBLISHED) {
            upkeep.settle(slot, SlotUpkeep.QUIET);
        } else {
            upkeep.compare(slot, target.place(), SlotUpkeep.QUIET);
        }
    }

    private boolean ask(Place place, Question.RetainedLookup lookup, Consumer<Optional<Answer>> onAnswer) {
        if (place.equals(standing.self().place())) {
            answer(lookup, answer -> onAnswer.accept(Optional.of(answer)));
            return true;
        }
        if (!outlet.reaches(place)) {
            return false;
        }
        asking.ask(place, lookup, patience(place), onAnswer);
        return true;
    }

    /** Each level leaves the one below it the time to ask twice. */
    static Duration patience(Place place) {
        return switch (place.level()) {
            case NODE -> OF_NODE;
            case ZONE -> OF_ZONE;
            case REGION, GLOBAL -> OF_REGION;
        };
    }

    private void answer(Question.RetainedLookup lookup, Consumer<Answer> respond) {
        var now = standing;
        var slot = lookup.slot();
        if (slot.isPresent() && (outlet.isSuspended() || now.role(slot.getAsInt()) != Standing.Role.OWNER)) {
            respond.accept(new Answer.Refused("not the owner of slot " + slot.getAsInt()));
            return;
        }
        var unsettled = upkeep.unsettled();
        store.find(lookup, topic -> now.answers(lookup, unsettled, topic), answer -> {
            if (answer instanceof Answer.RetainedFound found) {
                var underWay = puts.matching(lookup.filter()).stream()
                        .filter(publication ->
                                !lookup.addressedOnly() || !now.homes().isEverywhere(publication.topic()))
                        .toList();
                respondMerged(lookup, found, underWay, respond);
            } else {
                respond.accept(answer);
            }
        });
    }

    private static void respondMerged(
            Question.RetainedLookup lookup,
            Answer.RetainedFound stored,
            List<Publication> underWay,
            Consumer<Answer> respond) {
        if (underWay.isEmpty()) {
            respond.accept(stored);
            return;
        }
        var merge = new NewestVersions(lookup.afterTopic());
        if (!merge.add(stored, Publication::share)) {
            throw new IllegalStateException("the store's page does not answer " + lookup);
        }
        underWay.forEach(publication -> merge.add(publication, Publication::share));
        var page = merge.take(lookup.limit(), RetainedStore.PAGE_BYTES_MAX, _ -> true);
        respond.accept(new Answer.RetainedFound(page.found(), page.more(), stored.missed()));
        page.found().forEach(Publication::release);
    }
}
