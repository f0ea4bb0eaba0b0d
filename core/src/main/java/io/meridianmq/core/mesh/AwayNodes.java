package io.meridianmq.core.mesh;

import io.meridianmq.core.link.SlotMessage;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * The nodes of the zone that are away, as one that is there sees them: they have left, or have started anew and are not in
 * service yet. Their sessions outlive that. So what they want is kept, and what comes for them is held in the lanes to them.
 *
 * <pre>
 *   in service --- leaves, or starts anew ---> away --- in service again: gets all that was held ---> in service
 *                                               |
 *                                               +--- not back in time ---> what it wanted is forgotten,
 *                                                                          what was held is given up and counted
 * </pre>
 *
 * <p>The other side of it, what a node that is back waits for, is {@link Homecoming}. Acts on the interest and the lanes of
 * the node, and answers those who come home. Owned by the thread that drives the node.
 */
final class AwayNodes {

    private final Incarnation self;
    private final InterestExchange interest;
    private final NodeLanes lanes;
    private final BiConsumer<Incarnation, SlotMessage> tell;
    private final Absences absences;

    private MembershipView view = MembershipView.EMPTY;

    /**
     * @param tell takes a message to another node of the zone, if it can
     * @param longest how long a node is waited for
     */
    AwayNodes(
            Incarnation self,
            InterestExchange interest,
            NodeLanes lanes,
            BiConsumer<Incarnation, SlotMessage> tell,
            Duration longest) {
        this.self = self;
        this.interest = interest;
        this.lanes = lanes;
        this.tell = tell;
        this.absences = new Absences(longest);
    }

    /** A start of a node has ended; the view that says so follows with {@link #onView}. */
    void onLeft(Place node, long nowNanos) {
        interest.leave(node);
        lanes.standIn(node);
        absences.begin(node, nowNanos);
    }

    /** Those who are in service are not away. */
    void onView(MembershipView newer) {
        view = newer;
        absences.endReturned(node ->
                        newer.member(node).filter(AwayNodes::isInService).isPresent())
                .forEach(lanes::returned);
    }

    /** Whether a node is away. */
    boolean contains(Place node) {
        return absences.contains(node);
    }

    /**
     * One that comes home asks whether something is held for it here. One that is not in service, as far as is known here, is
     * away still: it asks again.
     */
    void onAskHeld(Incarnation from, SlotMessage.AskHeld asked) {
        var isBack = view.member(from.place())
                .filter(member -> member.boot() == from.boot() && isInService(member))
                .isPresent();
        if (asked.destinationBoot() == self.boot() && isBack && lanes.hasCaughtUp(from.place())) {
            tell.accept(from, new SlotMessage.NothingHeld(from.boot()));
        }
    }

    /** Gives up those who have been waited for long enough. */
    void flush(long nowNanos) {
        for (var node : absences.endOverdue(nowNanos)) {
            if (!view.contains(node)) {
                interest.forget(node);
            }
            lanes.abandon(node);
        }
    }

    private static boolean isInService(Member member) {
        return !member.starting();
    }
}
