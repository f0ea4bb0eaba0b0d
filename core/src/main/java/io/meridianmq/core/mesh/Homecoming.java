package io.meridianmq.core.mesh;

import io.meridianmq.core.claim.ClaimOutlet;
import io.meridianmq.core.link.DueWill;
import io.meridianmq.core.link.SlotMessage;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * A node's first moments in its zone, in which the others still hold what came for it while it was away. A session whose
 * client has begun anew elsewhere is to pass on that as well, so it is not told to before all of it is there.
 *
 * <p>Passes everything else that claims say on to the node. Belongs to its thread.
 */
final class Homecoming implements ClaimOutlet {

    private static final long ASK_EVERY_NANOS = Duration.ofMillis(200).toNanos();

    private final Incarnation self;
    private final ClaimOutlet outlet;
    private final BiConsumer<Incarnation, SlotMessage> tell;
    private final long longestNanos;
    private final Set<Incarnation> withNothing = new HashSet<>();
    private final Map<String, Superseded> superseded = new LinkedHashMap<>();

    private MembershipView view = MembershipView.EMPTY;
    private boolean isOver;
    private boolean hasBegun;
    private long begunNanos;
    private long askedNanos;

    /** Sessions of this node, of which there cannot be more than that. */
    private record Superseded(ConnectionNumber number, Optional<Incarnation> heir) {}

    /**
     * @param outlet where what claims say goes
     * @param tell takes a message to another node of the zone, if it can
     * @param longest until it is over, whatever others hold
     */
    Homecoming(Incarnation self, ClaimOutlet outlet, BiConsumer<Incarnation, SlotMessage> tell, Duration longest) {
        this.self = self;
        this.outlet = outlet;
        this.tell = tell;
        this.longestNanos = longest.toNanos();
    }

    /** A node that is not in the view is away: then it begins once more. */
    void onView(MembershipView newer) {
        view = newer;
        if (!newer.contains(self.place())) {
            isOver = false;
            hasBegun = false;
            withNothing.clear();
        }
    }

    /** Another node has nothing for this one, any more. */
    void onNothingHeld(Incarnation from) {
        withNothing.add(from);
    }

    void flush(long nowNanos) {
        if (isOver || !view.contains(self.place())) {
            return;
        }
        if (!hasBegun) {
            hasBegun = true;
            begunNanos = nowNanos;
            askedNanos = nowNanos - ASK_EVERY_NANOS;
        }
        var unheard = unheard();
        if (unheard.isEmpty() || nowNanos - begunNanos >= longestNanos) {
            isOver = true;
            withNothing.clear();
            superseded.forEach((clientId, session) -> outlet.endSession(clientId, session.number, session.heir));
            superseded.clear();
        } else if (nowNanos - askedNanos >= ASK_EVERY_NANOS) {
            askedNanos = nowNanos;
            unheard.forEach(node -> tell.accept(node, new SlotMessage.AskHeld(node.boot())));
        }
    }

    private List<Incarnation> unheard() {
        return view.below(self.place().inZone())
                .filter(place -> place.level() == Place.Level.NODE && !place.equals(self.place()))
                .flatMap(place -> view.member(place).stream().map(member -> new Incarnation(place, member.boot())))
                .filter(node -> !withNothing.contains(node))
                .toList();
    }

    @Override
    public void endSession(String clientId, ConnectionNumber number, Optional<Incarnation> heir) {
        if (isOver || heir.isEmpty()) {
            superseded.remove(clientId);
            outlet.endSession(clientId, number, heir);
        } else {
            superseded.put(clientId, new Superseded(number, heir));
        }
    }

    @Override
    public long stamp() {
        return outlet.stamp();
    }

    @Override
    public void publishWill(DueWill will) {
        outlet.publishWill(will);
    }

    @Override
    public void willDone(String clientId, ConnectionNumber number) {
        outlet.willDone(clientId, number);
    }
}
