package io.meridianmq.core.digest;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.place.Place;
import io.meridianmq.digest.DigestDelta;
import io.meridianmq.digest.DigestPosition;
import io.meridianmq.digest.DigestSnapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells one digest to any number of neighbours, each from where it is.
 *
 * <pre>
 *   ASKING --has it, or deltas reach back so far--> FOLLOWING --out of step, or a new generation--> LOADING
 *     |                                                        ^                                             |
 *     +--anything else--> LOADING --------last chunk sent------+---------------------------------------------+
 * </pre>
 *
 * <p>Deltas go to everybody but those in ASKING, also between the chunks of a snapshot, whose receivers apply them last. An
 * offer is sent on connect, every 30 s, and after 2 s of silence while something is unanswered. Bounded: {@value
 * #DELTAS_KEPT} deltas are kept for those who come back, and {@value #CHUNKS_IN_FLIGHT} chunks are on their way to each
 * neighbour.
 */
final class DigestTeller {

    /** Where the digest to tell comes from. */
    interface Source {

        Place origin();

        DigestPosition position();

        /** All of it; empty if there is nothing complete yet. */
        Optional<DigestSnapshot> snapshot();
    }

    private static final int DELTAS_KEPT = 64;
    private static final int CHUNKS_IN_FLIGHT = 4;
    private static final long OFFER_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long RELOAD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Source source;
    private final BiConsumer<Place, Frame> send;
    private final Map<Place, Listener> listeners = new HashMap<>();
    private final ArrayDeque<DigestDelta> kept = new ArrayDeque<>();

    DigestTeller(Source source, BiConsumer<Place, Frame> send) {
        this.source = source;
        this.send = send;
    }

    void onLinkUp(Place neighbour, long nowNanos) {
        var listener = new Listener(neighbour);
        listeners.put(neighbour, listener);
        listener.offer(nowNanos);
    }

    void onLinkDown(Place neighbour) {
        listeners.remove(neighbour);
    }

    /** The source has come one delta further. */
    void onDelta(DigestDelta delta, long nowNanos) {
        kept.addLast(delta);
        if (kept.size() > DELTAS_KEPT) {
            kept.removeFirst();
        }
        listeners.values().forEach(listener -> listener.onDelta(delta, nowNanos));
    }

    /** The source has a new generation: a delta cannot lead there. */
    void onGeneration(long nowNanos) {
        kept.clear();
        listeners.values().forEach(listener -> listener.load(nowNanos));
    }

    void onAck(Place neighbour, Frame.DigestAck ack, long nowNanos) {
        var listener = listeners.get(neighbour);
        if (listener != null) {
            listener.onAck(ack, nowNanos);
        }
    }

    void onTick(long nowNanos) {
        listeners.values().forEach(listener -> listener.onTick(nowNanos));
    }

    /** The deltas that lead from a version to the present one; empty if they are no longer kept. */
    private Optional<List<DigestDelta>> deltasFrom(long version) {
        if (version == source.position().version()) {
            return Optional.of(List.of());
        }
        var deltas = new ArrayList<DigestDelta>();
        for (var delta : kept) {
            if (delta.toVersion() > version) {
                deltas.add(delta);
            }
        }
        return deltas.isEmpty() || deltas.getFirst().fromVersion() > version ? Optional.empty() : Optional.of(deltas);
    }

    private enum State {
        ASKING,
        LOADING,
        FOLLOWING
    }

    /** One neighbour. */
    private final class Listener {

        private final Place neighbour;
        private State state = State.ASKING;
        private @Nullable DigestSnapshot loading;
        private int nextChunk;
        private int inFlight;
        private boolean hasLoaded;
        private boolean reloadDue;
        private long loadedNanos;
        private long heardNanos;
        private long offeredNanos;

        Listener(Place neighbour) {
            this.neighbour = neighbour;
        }

        void offer(long nowNanos) {
            offeredNanos = nowNanos;
            heardNanos = nowNanos;
            send.accept(neighbour, new Frame.DigestOffer(source.origin(), source.position()));
        }

        void onDelta(DigestDelta delta, long nowNanos) {
            if (state != State.ASKING) {
                tell(delta, nowNanos);
            }
        }

        void onAck(Frame.DigestAck ack, long nowNanos) {
            heardNanos = nowNanos;
            inFlight = Math.max(0, inFlight - 1);
            switch (state) {
                case ASKING -> startFrom(ack, nowNanos);
                case FOLLOWING -> {
                    // Earlier answers are about what it had before it got everything.
                    var behind = inFlight == 0
                            && ack.position().generation() < source.position().generation();
                    if (ack.outOfStep() || behind) {
                        load(nowNanos);
                    }
                }
                case LOADING -> {
                    if (ack.outOfStep()) {
                        load(nowNanos);
                    } else {
                        sendChunks(nowNanos);
                    }
                }
            }
        }

        void onTick(long nowNanos) {
            if (reloadDue && nowNanos - loadedNanos >= RELOAD_NANOS) {
                load(nowNanos);
            }
            if (inFlight > 0 && nowNanos - heardNanos >= SILENCE_NANOS) {
                // Something was lost on the way: the answer to an offer tells what.
                inFlight = 0;
                state = State.ASKING;
                offer(nowNanos);
            } else if (nowNanos - offeredNanos >= (state == State.ASKING ? SILENCE_NANOS : OFFER_NANOS)) {
                offer(nowNanos);
            }
        }

        private void startFrom(Frame.DigestAck ack, long nowNanos) {
            var missing = ack.outOfStep()
                            || ack.position().generation() != source.position().generation()
                    ? Optional.<List<DigestDelta>>empty()
                    : deltasFrom(ack.position().version());
            if (missing.isEmpty()) {
                load(nowNanos);
                return;
            }
            state = State.FOLLOWING;
            missing.get().forEach(delta -> tell(delta, nowNanos));
        }

        /** Starts to send everything, unless that was begun a moment ago: then a little later. */
        private void load(long nowNanos) {
            state = State.LOADING;
            loading = null;
            reloadDue = hasLoaded && nowNanos - loadedNanos < RELOAD_NANOS;
            if (reloadDue) {
                return;
            }
            source.snapshot().ifPresent(snapshot -> {
                loading = snapshot;
                nextChunk = 0;
                inFlight = 0;
                hasLoaded = true;
                loadedNanos = nowNanos;
                sendChunks(nowNanos);
            });
        }

        private void sendChunks(long nowNanos) {
            var snapshot = loading;
            if (snapshot == null) {
                return;
            }
            while (nextChunk < snapshot.chunks() && inFlight < CHUNKS_IN_FLIGHT) {
                startWaiting(nowNanos);
                inFlight++;
                send.accept(neighbour, new Frame.DigestPart(source.origin(), snapshot.chunk(nextChunk++)));
            }
            if (nextChunk == snapshot.chunks()) {
                loading = null;
                state = State.FOLLOWING;
            }
        }

        private void tell(DigestDelta delta, long nowNanos) {
            startWaiting(nowNanos);
            inFlight++;
            send.accept(neighbour, new Frame.DigestChange(source.origin(), delta));
        }

        private void startWaiting(long nowNanos) {
            if (inFlight == 0) {
                heardNanos = nowNanos;
            }
        }
    }
}
