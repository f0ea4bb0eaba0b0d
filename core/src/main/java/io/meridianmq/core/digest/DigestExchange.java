package io.meridianmq.core.digest;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.place.Place;
import io.meridianmq.digest.DigestDelta;
import io.meridianmq.digest.DigestException;
import io.meridianmq.digest.DigestPosition;
import io.meridianmq.digest.DigestSnapshot;
import io.meridianmq.digest.RemoteDigest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One component's side of the exchange of digests: hears those of other places, relays them to what is below, and tells its
 * own, if it has one, to its siblings. Owned by the thread that drives the component.
 *
 * <p>A digest that nobody has offered for {@value #SILENCE_MINUTES} minutes is dropped: its place is gone for good.
 */
public final class DigestExchange {

    private static final int SILENCE_MINUTES = 10;
    private static final long SILENCE_NANOS = TimeUnit.MINUTES.toNanos(SILENCE_MINUTES);

    private final HeldDigests held;
    private final BiConsumer<Place, Frame> send;
    private final @Nullable OwnDigest own;
    private final @Nullable DigestTeller ownTeller;
    private final Map<Place, Relay> relays = new HashMap<>();
    /** Neighbours that get every digest heard. */
    private final Set<Place> below = new HashSet<>();
    /** Neighbours that get this place's own digest. */
    private final Set<Place> siblings = new HashSet<>();

    private boolean speaking;
    private long damaged;
    private long lastTickNanos;

    private DigestExchange(HeldDigests held, @Nullable OwnDigest own, BiConsumer<Place, Frame> send) {
        this.held = held;
        this.own = own;
        this.ownTeller = own == null ? null : new DigestTeller(own, send);
        this.send = send;
    }

    /** A node's: it only hears. */
    public static DigestExchange hearing(HeldDigests held, BiConsumer<Place, Frame> send) {
        return new DigestExchange(held, null, send);
    }

    /** A gateway's: it has a digest of its own, and relays what it hears. */
    public static DigestExchange relaying(HeldDigests held, OwnDigest own, BiConsumer<Place, Frame> send) {
        return new DigestExchange(held, own, send);
    }

    /** From now on siblings are told this place's own digest. */
    public void startSpeaking(long nowNanos) {
        speaking = true;
        if (ownTeller != null) {
            siblings.forEach(sibling -> ownTeller.onLinkUp(sibling, nowNanos));
        }
    }

    /** A link to a component below is up: it gets every digest heard. */
    public void relayTo(Place neighbour, long nowNanos) {
        below.add(neighbour);
        relays.values().forEach(relay -> relay.teller.onLinkUp(neighbour, nowNanos));
    }

    /** A link to a sibling is up: it gets this place's own digest. */
    public void tell(Place sibling, long nowNanos) {
        siblings.add(sibling);
        if (speaking && ownTeller != null) {
            ownTeller.onLinkUp(sibling, nowNanos);
        }
    }

    public void onLinkDown(Place neighbour) {
        below.remove(neighbour);
        siblings.remove(neighbour);
        relays.values().forEach(relay -> relay.teller.onLinkDown(neighbour));
        if (ownTeller != null) {
            ownTeller.onLinkDown(neighbour);
        }
    }

    public void onFrame(Place from, Frame.DigestFrame frame, long nowNanos) {
        switch (frame) {
            case Frame.DigestAck ack -> onAck(from, ack, nowNanos);
            case Frame.DigestOffer offer ->
                hear(offer.origin(), nowNanos).ifPresent(relay -> relay.onOffer(from, offer.position()));
            case Frame.DigestPart part ->
                hear(part.origin(), nowNanos).ifPresent(relay -> relay.onPart(from, part, nowNanos));
            case Frame.DigestChange change ->
                hear(change.origin(), nowNanos).ifPresent(relay -> relay.onChange(from, change.delta(), nowNanos));
        }
    }

    /** Sends what changed, and does what is due. */
    public void flush(long nowNanos) {
        if (own != null && ownTeller != null) {
            pollOwn(own, ownTeller, nowNanos);
        }
        if (nowNanos - lastTickNanos < TICK_NANOS) {
            return;
        }
        lastTickNanos = nowNanos;
        if (ownTeller != null) {
            ownTeller.onTick(nowNanos);
        }
        relays.values().removeIf(relay -> relay.isSilent(nowNanos));
        relays.values().forEach(relay -> relay.teller.onTick(nowNanos));
    }

    /** Chunks and deltas that were refused as damaged or too large, since the start. */
    public long damaged() {
        return damaged;
    }

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static void pollOwn(OwnDigest own, DigestTeller teller, long nowNanos) {
        for (var update = own.poll(nowNanos); update.isPresent(); update = own.poll(nowNanos)) {
            switch (update.get()) {
                case DigestDelta delta -> teller.onDelta(delta, nowNanos);
                case DigestSnapshot snapshot -> teller.onGeneration(nowNanos);
            }
        }
    }

    private void onAck(Place from, Frame.DigestAck ack, long nowNanos) {
        if (own != null && ownTeller != null && ack.origin().equals(own.origin())) {
            ownTeller.onAck(from, ack, nowNanos);
            return;
        }
        var relay = relays.get(ack.origin());
        if (relay != null) {
            relay.teller.onAck(from, ack, nowNanos);
        }
    }

    private Optional<Relay> hear(Place origin, long nowNanos) {
        if (own != null && origin.equals(own.origin())) {
            return Optional.empty();
        }
        var relay = relays.get(origin);
        if (relay == null) {
            var digest = held.open(origin);
            if (digest.isEmpty()) {
                return Optional.empty();
            }
            var opened = new Relay(origin, digest.get());
            relays.put(origin, opened);
            below.forEach(neighbour -> opened.teller.onLinkUp(neighbour, nowNanos));
            relay = opened;
        }
        relay.heardNanos = nowNanos;
        return Optional.of(relay);
    }

    /** One digest that is heard, and passed on. */
    private final class Relay implements DigestTeller.Source {

        private final Place origin;
        private final RemoteDigest digest;
        private final DigestTeller teller;
        private long heardNanos;

        Relay(Place origin, RemoteDigest digest) {
            this.origin = origin;
            this.digest = digest;
            this.teller = new DigestTeller(this, send);
        }

        @Override
        public Place origin() {
            return origin;
        }

        @Override
        public DigestPosition position() {
            return digest.position();
        }

        @Override
        public Optional<DigestSnapshot> snapshot() {
            return digest.snapshot();
        }

        void onOffer(Place from, DigestPosition offered) {
            acknowledge(from, !digest.isCurrent() && digest.position().equals(offered));
        }

        void onPart(Place from, Frame.DigestPart part, long nowNanos) {
            var before = digest.position();
            var outcome = RemoteDigest.Outcome.OUT_OF_STEP;
            try {
                outcome = digest.accept(part.chunk());
            } catch (DigestException e) {
                damaged++;
            }
            if (!digest.position().equals(before)) {
                held.changed();
                teller.onGeneration(nowNanos);
            }
            acknowledge(from, outcome == RemoteDigest.Outcome.OUT_OF_STEP);
        }

        void onChange(Place from, DigestDelta delta, long nowNanos) {
            var before = digest.position();
            var outcome = RemoteDigest.Outcome.OUT_OF_STEP;
            try {
                outcome = digest.apply(delta);
            } catch (DigestException e) {
                damaged++;
            }
            if (!digest.position().equals(before)) {
                held.changed();
                teller.onDelta(delta, nowNanos);
            }
            acknowledge(from, outcome == RemoteDigest.Outcome.OUT_OF_STEP);
        }

        boolean isSilent(long nowNanos) {
            var silent = nowNanos - heardNanos >= SILENCE_NANOS;
            if (silent) {
                held.drop(origin);
            }
            return silent;
        }

        private void acknowledge(Place to, boolean outOfStep) {
            send.accept(to, new Frame.DigestAck(origin, digest.position(), outOfStep));
        }
    }
}
