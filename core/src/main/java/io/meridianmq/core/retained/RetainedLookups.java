package io.meridianmq.core.retained;

import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.slot.SlotHash;
import io.meridianmq.topic.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Look-ups of this node's subscribers, over the whole platform.
 *
 * <p>One topic: the owner of its slot in its home. If that is not this zone, this zone's owner of the slot is asked as well,
 * since it may have taken the message in place of a home that could not be reached. A filter with wildcards: every node of
 * the zone, and the gateways of {@link RetainedHomes#beyondZone}.
 */
final class RetainedLookups {

    private final Supplier<Standing> standing;
    private final Crossing crossing;
    private final Gathering.Way way;
    private final Asking asking;
    private final Predicate<Publication> isShown;
    private long lookups;
    private long missed;

    /**
     * @param way also to this node itself
     * @param isShown which publications a subscriber gets
     */
    RetainedLookups(
            Supplier<Standing> standing,
            Crossing crossing,
            Gathering.Way way,
            Asking asking,
            Predicate<Publication> isShown) {
        this.standing = standing;
        this.crossing = crossing;
        this.way = way;
        this.asking = asking;
        this.isShown = isShown;
    }

    void lookUp(TopicFilter filter, String afterTopic, int limit, RetainedSink sink) {
        lookups++;
        var targets = filter.shape() == TopicFilter.Shape.LITERAL
                ? targetsOfTopic(filter.filter(), afterTopic, limit)
                : targetsOfFilter(filter, afterTopic, limit);
        gather(targets, afterTopic, limit, sink);
    }

    long lookups() {
        return lookups;
    }

    long missed() {
        return missed;
    }

    private void gather(List<Gathering.Target> targets, String afterTopic, int limit, RetainedSink sink) {
        var self = standing.get().self().place();
        new Gathering(self, afterTopic, way, asking, over -> {
                    missed += over.missed();
                    var page = over.newest().take(limit, Long.MAX_VALUE, this::isShown);
                    if (page.found().isEmpty() && page.more()) {
                        // Only clears up to here, and a subscriber goes on from the last message that it got.
                        gather(over.next(targets, page.end()), page.end(), limit, sink);
                    } else {
                        sink.found(page.found(), page.more());
                    }
                })
                .start(targets);
    }

    /** Other regions answer without regard to what may cross to this one. */
    private boolean isShown(Publication publication) {
        var homes = standing.get().homes();
        var topic = publication.topic();
        return isShown.test(publication) && crossing.mayCross(topic, homes.nearest(topic), homes.self());
    }

    private List<Gathering.Target> targetsOfTopic(String topic, String afterTopic, int limit) {
        var now = standing.get();
        var slot = SlotHash.ofTopic(topic);
        var ofOwner = new Question.RetainedLookup(OptionalInt.of(slot), topic, afterTopic, limit, false, false);
        var targets = new ArrayList<Gathering.Target>();
        var nodes = nodes(now);
        var owner = now.owner(slot).map(Incarnation::place);
        if (owner.isPresent()) {
            targets.add(new Gathering.Target(owner.get(), ofOwner, nodes));
        } else {
            nodes.forEach(node -> targets.add(new Gathering.Target(node, ofOwner.ofCopies(), List.of())));
        }
        for (var home : now.homes().beyondZone(topic)) {
            if (!crossing.mayCross(topic, home, now.homes().self())) {
                continue;
            }
            targets.add(new Gathering.Target(home, ofOwner, List.of(home)));
        }
        return targets;
    }

    private List<Gathering.Target> targetsOfFilter(TopicFilter filter, String afterTopic, int limit) {
        var now = standing.get();
        var nodes = nodes(now);
        var targets = new ArrayList<Gathering.Target>();
        var question =
                new Question.RetainedLookup(OptionalInt.empty(), filter.filter(), afterTopic, limit, false, false);
        nodes.forEach(node -> targets.add(new Gathering.Target(node, question, nodes)));
        for (var place : now.homes().beyondZone(filter)) {
            var isRemote = !place.inRegion().equals(now.homes().self().inRegion());
            var asked = new Question.RetainedLookup(
                    OptionalInt.empty(), filter.filter(), afterTopic, limit, isRemote, false);
            targets.add(new Gathering.Target(place, asked, List.of()));
        }
        return targets;
    }

    /** The nodes of the zone that are alive, this one among them. */
    private static List<Place> nodes(Standing now) {
        var self = now.self().place();
        var nodes = new ArrayList<Place>();
        nodes.add(self);
        now.view().below(self.inZone()).filter(node -> !node.equals(self)).forEach(nodes::add);
        return nodes;
    }
}
