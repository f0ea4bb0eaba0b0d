package io.meridianmq.core.retained;

import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.slot.SlotHash;
import java.time.Duration;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Brings each slot of this node's store to where it belongs, in the background, a few slots at a time:
 *
 * <ul>
 *   <li><strong>fill</strong>: the owner gives a copy that joins everything of the slot, which then may take over;
 *   <li><strong>settle</strong>: what lies here and belongs elsewhere, since the node was away, or lost its part in the
 *       slot, or stood in for a home that could not be reached, goes to its home, and is then forgotten here;
 *   <li><strong>compare</strong>: the owner compares the topics that live everywhere with the owner in another region, and
 *       gives it what it has if they differ; the other does the same.
 * </ul>
 *
 * <p>What fails is tried again, with a pause, for as long as it is still due.
 */
final class SlotUpkeep {

    /** How long the known zones and regions have to stay the same before anything is given away because of them. */
    static final Duration QUIET = Duration.ofSeconds(5);

    /** How long a copy waits for its owner to give away what belongs elsewhere. */
    static final Duration AFTER_OWNER = Duration.ofSeconds(30);

    /** The pause after a failure. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    /** Time between two slots that are compared for no reason but that they may have lost all copies. */
    private static final Duration PATROL_EVERY = Duration.ofMillis(450);

    /** How often work that is due is looked for: a look goes through all slots, and a node is driven much more often. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final int RUNNING_MAX = 8;

    /** More than of the others: a hand-over waits for them, and most slots have nothing to give. */
    private static final int FILLS_RUNNING_MAX = 64;

    private final Supplier<Standing> standing;
    private final Crossing crossing;
    private final RetainedStore store;
    private final Asking asking;

    private final DueSlots fills = new DueSlots(FILLS_RUNNING_MAX);
    private final DueSlots settles = new DueSlots(RUNNING_MAX);
    private final Map<Place, DueSlots> compares = new TreeMap<>();

    /** Counts what comes to a slot from its owner: what lies there is not to be forgotten as if nobody cared for it. */
    private final int[] touches = new int[SlotHash.COUNT];

    private final Map<Integer, Incarnation> filled = new TreeMap<>();

    /** Those whose topics that live everywhere live in this zone. */
    private final BitSet sharedSlots = new BitSet(SlotHash.COUNT);

    private int patrol;
    private long patrolledNanos;
    private long lookedNanos;
    private long fillsDone;
    private long handedOver;
    private long differences;

    SlotUpkeep(Supplier<Standing> standing, Crossing crossing, RetainedStore store, Asking asking) {
        this.standing = standing;
        this.crossing = crossing;
        this.store = store;
        this.asking = asking;
        this.patrolledNanos = asking.nowNanos();
        this.lookedNanos = asking.nowNanos();
        share(standing.get().homes());
        for (var slot = 0; slot < SlotHash.COUNT; slot++) {
            settle(slot, QUIET); // What an earlier start of this node has left may be anything.
        }
    }

    /** What the node knows has changed; it is in force already. */
    void onStanding(Standing older, Standing newer) {
        if (!newer.homes().regions().equals(older.homes().regions())) {
            onRegions(newer);
        }
        if (!newer.homes().equals(older.homes())) {
            share(newer.homes());
            for (var slot = 0; slot < SlotHash.COUNT; slot++) {
                settles.postpone(slot, in(QUIET));
            }
        }
        if (newer.table().version() != older.table().version()) {
            for (var slot = 0; slot < SlotHash.COUNT; slot++) {
                onTable(slot, older, newer);
            }
        }
    }

    /** The slot may hold something that belongs elsewhere. */
    void settle(int slot, Duration time) {
        settles.add(slot, in(time));
    }

    /** Another region may lack something of the slot. */
    void compare(int slot, Place region, Duration time) {
        var slots = compares.get(region);
        if (slots != null) {
            slots.add(slot, in(time));
        }
    }

    /** The slot's owner counts on what lies here. */
    void touch(int slot) {
        touches[slot]++;
    }

    /** Whether this node has given a copy that joins everything of a slot. From the table on that names it, it gets all else. */
    boolean isFilled(int slot, Incarnation copy) {
        return copy.equals(filled.get(slot));
    }

    void onTick() {
        if (standing.get().table().version() == 0) {
            return; // Nobody knows who owns anything.
        }
        if (asking.nowNanos() - lookedNanos < LOOK_EVERY.toNanos()) {
            return;
        }
        lookedNanos = asking.nowNanos();
        patrol();
        fills.start(asking.nowNanos(), this::fill);
        settles.start(asking.nowNanos(), this::settle);
        compares.forEach((region, slots) -> slots.start(asking.nowNanos(), slot -> compare(slot, region, slots)));
    }

    /** Slots where this node may have something newer than their owners. */
    BitSet unsettled() {
        return settles.slots();
    }

    /** Work that is due: the slots of each kind. */
    int due() {
        return fills.size()
                + settles.size()
                + compares.values().stream().mapToInt(DueSlots::size).sum();
    }

    /** Copies that were filled. */
    long fillsDone() {
        return fillsDone;
    }

    /** Publications that were given away because they belong elsewhere. */
    long handedOver() {
        return handedOver;
    }

    /** Slots that another region had otherwise. */
    long differences() {
        return differences;
    }

    private void share(RetainedHomes homes) {
        for (var slot = 0; slot < SlotHash.COUNT; slot++) {
            sharedSlots.set(slot, homes.isHomeOfEverywhere(slot));
        }
    }

    private void onRegions(Standing now) {
        compares.keySet().retainAll(now.homes().regions());
        for (var region : now.homes().regions()) {
            if (compares.putIfAbsent(region, new DueSlots(RUNNING_MAX)) == null) {
                for (var slot = 0; slot < SlotHash.COUNT; slot++) {
                    compare(slot, region, PAUSE);
                }
            }
        }
    }

    private void onTable(int slot, Standing older, Standing newer) {
        var before = older.role(slot);
        var now = newer.role(slot);
        if (now != before) {
            settle(slot, PAUSE);
            if (now == Standing.Role.OWNER) {
                compares.keySet().forEach(region -> compare(slot, region, PAUSE));
            }
        }
        var joining = newer.table().slot(slot).joining();
        if (now != Standing.Role.OWNER || joining.isEmpty()) {
            filled.remove(slot);
        } else if (!isFilled(slot, joining.get())) {
            fills.add(slot, asking.nowNanos());
        }
    }

    private void patrol() {
        if (asking.nowNanos() - patrolledNanos < PATROL_EVERY.toNanos()) {
            return;
        }
        patrolledNanos = asking.nowNanos();
        for (var step = 0; step < SlotHash.COUNT; step++) {
            patrol = (patrol + 1) % SlotHash.COUNT;
            if (comparesHere(patrol)) {
                compares.keySet().forEach(region -> patrol(patrol, region));
                return;
            }
        }
    }

    private void patrol(int slot, Place region) {
        sum(
                slot,
                shared(standing.get().homes().self(), region),
                own -> own.ifPresent(sum -> ask(region, slot, true, sum, other -> {
                    if (other.isPresent() && !other.equals(own)) {
                        compare(slot, region, PAUSE);
                    }
                })));
    }

    private long in(Duration time) {
        return asking.nowNanos() + time.toNanos();
    }

    private void over(DueSlots work, int slot, boolean isDone) {
        if (isDone) {
            work.over(slot);
        } else {
            work.overUntil(slot, in(PAUSE));
        }
    }

    // ---- Fill

    private void fill(int slot) {
        var now = standing.get();
        var joining = now.table().slot(slot).joining();
        if (now.role(slot) != Standing.Role.OWNER || joining.isEmpty()) {
            over(fills, slot, true);
            return;
        }
        var copy = joining.get();
        sum(slot, now.homes()::isHere, own -> {
            if (own.isEmpty()) {
                over(fills, slot, false);
            } else if (own.getAsLong() == 0) {
                endFill(slot, copy, true); // There is nothing to give.
            } else {
                ask(copy.place(), slot, false, own.getAsLong(), other -> fill(slot, copy, own, other));
            }
        });
    }

    private void fill(int slot, Incarnation copy, OptionalLong own, OptionalLong other) {
        if (own.equals(other)) {
            endFill(slot, copy, true);
        } else {
            var target = new SlotWalk.Target(copy.place(), Question.PutStage.COPY);
            walk(
                    slot,
                    SlotWalk.Purpose.copyTo(target, _ -> true),
                    outcome -> endFill(slot, copy, outcome.isComplete()));
        }
    }

    private void endFill(int slot, Incarnation copy, boolean isComplete) {
        var who = standing.get().table().slot(slot);
        var isCurrent = who.isOwnedBy(standing.get().self())
                && who.joining().filter(copy::equals).isPresent();
        over(fills, slot, isComplete && isCurrent);
        if (isComplete && isCurrent) {
            fillsDone++;
            filled.put(slot, copy);
        }
    }

    // ---- Settle

    private void settle(int slot) {
        var now = standing.get();
        switch (now.role(slot)) {
            case OWNER -> handOver(slot, now, false);
            case NONE -> {
                if (now.owner(slot).isPresent()) {
                    handOver(slot, now, true);
                } else {
                    over(settles, slot, false);
                }
            }
            case COPY -> settleCopy(slot, now);
        }
    }

    /** What a copy has and its owner has not, from before it became one, goes to the owner. */
    private void settleCopy(int slot, Standing now) {
        sum(slot, now.homes()::isHere, own -> {
            var owner = now.owner(slot);
            if (own.isEmpty() || owner.isEmpty()) {
                over(settles, slot, false);
            } else if (own.getAsLong() == 0) {
                handOver(slot, now, false);
            } else {
                ask(owner.get().place(), slot, false, own.getAsLong(), other -> {
                    if (other.isEmpty()) {
                        over(settles, slot, false);
                    } else {
                        handOver(slot, now, !own.equals(other));
                    }
                });
            }
        });
    }

    /** @param toOwner whether what lives in this zone goes to its owner as well */
    private void handOver(int slot, Standing then, boolean toOwner) {
        var homes = then.homes();
        var touched = touches[slot];
        var role = then.role(slot);
        var purpose = new SlotWalk.Purpose(
                publication -> {
                    var home = homes.nearest(publication.topic());
                    return toOwner || !home.equals(homes.self().inZone())
                            ? Optional.of(new SlotWalk.Target(home, Question.PutStage.PUBLISHED))
                            : Optional.empty();
                },
                publication -> role == Standing.Role.NONE || !homes.isHere(publication.topic()),
                () -> touches[slot] == touched
                        && standing.get().role(slot) == role
                        && standing.get().homes().equals(homes));
        walk(slot, purpose, outcome -> {
            handedOver += outcome.given();
            over(settles, slot, outcome.isComplete());
        });
    }

    // ---- Compare

    private void compare(int slot, Place region, DueSlots slots) {
        if (!comparesHere(slot)) {
            over(slots, slot, true);
            return;
        }
        var counts = shared(standing.get().homes().self(), region);
        sum(slot, counts, own -> {
            if (own.isEmpty() || own.getAsLong() == 0) {
                over(slots, slot, own.isPresent()); // There is nothing to give.
            } else {
                ask(region, slot, true, own.getAsLong(), other -> {
                    if (other.isEmpty() || own.equals(other)) {
                        over(slots, slot, other.isPresent());
                    } else {
                        differences++;
                        var target = new SlotWalk.Target(region, Question.PutStage.FROM_REGION);
                        walk(
                                slot,
                                SlotWalk.Purpose.copyTo(target, counts),
                                outcome -> over(slots, slot, outcome.isComplete()));
                    }
                });
            }
        });
    }

    /** What another asks the sum of; whoever of the two has more than the other finds out. */
    void onSum(Question.RetainedSum question, Place asker, Consumer<Answer> respond) {
        var slot = question.topicSlot();
        if (question.everywhere() && standing.get().role(slot) != Standing.Role.OWNER) {
            respond.accept(new Answer.Refused("not the owner of slot " + slot));
            return;
        }
        touch(slot);
        sum(
                slot,
                question.everywhere()
                        ? shared(asker, standing.get().homes().self())
                        : standing.get().homes()::isHere,
                own -> {
                    if (own.isEmpty()) {
                        respond.accept(
                                new Answer.Refused("the store of retained messages failed; its node's log says why"));
                        return;
                    }
                    if (question.everywhere() && own.getAsLong() != question.own()) {
                        compare(slot, asker.inRegion(), PAUSE);
                    }
                    respond.accept(new Answer.RetainedSummed(own.getAsLong()));
                });
    }

    /** Whether this node has topics of the slot that live everywhere. */
    private boolean comparesHere(int slot) {
        return sharedSlots.get(slot) && standing.get().role(slot) == Standing.Role.OWNER;
    }

    /** The topics here that live everywhere and may go from one region to the other. */
    private Predicate<String> shared(Place from, Place to) {
        var homes = standing.get().homes();
        return topic -> homes.isEverywhere(topic) && homes.isHere(topic) && crossing.mayCross(topic, from, to);
    }

    private void walk(int slot, SlotWalk.Purpose purpose, Consumer<SlotWalk.Outcome> onOver) {
        new SlotWalk(slot, purpose, store, asking, onOver).start();
    }

    private void sum(int slot, Predicate<String> counts, Consumer<OptionalLong> onSum) {
        store.sum(slot, counts, onSum);
    }

    private void ask(Place place, int slot, boolean everywhere, long own, Consumer<OptionalLong> onSum) {
        var question = new Question.RetainedSum(slot, everywhere, own);
        asking.ask(
                place,
                question,
                PATIENCE,
                answer -> onSum.accept(
                        answer.isPresent() && answer.get() instanceof Answer.RetainedSummed(var sum)
                                ? OptionalLong.of(sum)
                                : OptionalLong.empty()));
    }
}
