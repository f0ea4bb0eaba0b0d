package io.meridianmq.broker.claim;

import io.meridianmq.broker.publish.Stamps;
import io.meridianmq.core.claim.ClaimOutlet;
import io.meridianmq.core.link.DueWill;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What claims bring about at a node. A node can be the owner of clients before it has any of its own: the wills that are
 * due until it can publish, which are few at a time, wait here. Belongs to the claims' thread.
 */
public final class ClaimEffects implements ClaimOutlet {

    private final Stamps stamps;
    private final InstantSource clock;
    private final List<DueWill> early = new ArrayList<>();
    private Consumer<DueWill> wills = early::add;
    private Optional<KeptSessions> sessions = Optional.empty();

    public ClaimEffects(Stamps stamps, InstantSource clock) {
        this.stamps = stamps;
        this.clock = clock;
    }

    /** The node can publish, and has sessions, from now on. */
    public void connect(Consumer<DueWill> publishWill, KeptSessions kept) {
        wills = publishWill;
        sessions = Optional.of(kept);
        early.forEach(wills);
        early.clear();
    }

    @Override
    public long stamp() {
        return stamps.timestamp(clock.millis());
    }

    @Override
    public void publishWill(DueWill will) {
        wills.accept(will);
    }

    @Override
    public void endSession(String clientId, ConnectionNumber number, Optional<Incarnation> heir) {
        sessions.ifPresent(kept -> kept.end(clientId, number, heir));
    }

    @Override
    public void willDone(String clientId, ConnectionNumber number) {
        sessions.ifPresent(kept -> kept.willDone(clientId, number));
    }
}
