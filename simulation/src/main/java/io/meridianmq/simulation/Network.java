package io.meridianmq.simulation;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * The links between neighbours: in order while they are up, as the real ones; slower the farther; cut at random, which both
 * ends notice only later; and now and then a frame is lost, as on a real link whose bounded buffer is full.
 */
final class Network {

    private static final long MILLI = 1_000_000L;
    /** Ten times what a run needs. */
    private static final long FRAMES_MAX = 200_000;

    /** The run has no end of its own. */
    static final class FloodException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        FloodException() {
            super("more than " + FRAMES_MAX + " frames were sent: something goes round in circles");
        }
    }

    /** One end of a link, as the components see it. */
    interface Component {

        void onLinkUp(Place neighbour);

        void onLinkDown(Place neighbour);

        void onFrame(Place from, Frame frame);
    }

    /** What a bug that is planted into the network does to frames. */
    interface Saboteur {

        /** The frame to deliver instead; empty for none. */
        Optional<Frame> onFrame(Place from, Place to, Frame frame);
    }

    private final Schedule schedule;
    private final Random random;
    private final double lossRate;
    private final Saboteur saboteur;
    private final Map<Place, Component> components = new TreeMap<>();
    private final Map<Wire, State> wires = new HashMap<>();
    private long framesSent;
    private long framesLost;

    /** A link, its lower place first. */
    private record Wire(Place a, Place b) {
        static Wire of(Place one, Place other) {
            return one.compareTo(other) < 0 ? new Wire(one, other) : new Wire(other, one);
        }
    }

    private static final class State {
        /** Counts connections; what was sent on an earlier one never arrives. */
        private long connection;

        private boolean up;
        private boolean carries;
        private final Map<Place, Long> lastArrivalNanos = new HashMap<>();
    }

    Network(Schedule schedule, Random random, double lossRate, Saboteur saboteur) {
        this.schedule = schedule;
        this.random = random;
        this.lossRate = lossRate;
        this.saboteur = saboteur;
    }

    void attach(Place place, Component component) {
        components.put(place, component);
    }

    /** Both ends connect. */
    void connect(Place one, Place other) {
        var state = wires.computeIfAbsent(Wire.of(one, other), _ -> new State());
        if (state.up || !components.containsKey(one) || !components.containsKey(other)) {
            return;
        }
        state.connection++;
        state.up = true;
        state.carries = true;
        component(one).onLinkUp(other);
        component(other).onLinkUp(one);
    }

    /** The wire breaks now; both ends notice after a while, and connect again after another. */
    void cut(Place one, Place other, long noticedAfterNanos, long restoredAfterNanos) {
        var state = wires.get(Wire.of(one, other));
        if (state == null || !state.carries) {
            return;
        }
        state.carries = false;
        var connection = state.connection;
        schedule.after(noticedAfterNanos, () -> {
            if (state.up && state.connection == connection) {
                drop(one, other, state);
            }
        });
        schedule.after(noticedAfterNanos + restoredAfterNanos, () -> connect(one, other));
    }

    /** Both ends notice at once, and nobody connects them again. */
    void disconnect(Place one, Place other) {
        var state = wires.get(Wire.of(one, other));
        if (state != null && state.up) {
            drop(one, other, state);
        }
    }

    void detach(Place place) {
        components.remove(place);
    }

    void send(Place from, Place to, Frame frame) {
        var state = wires.get(Wire.of(from, to));
        if (state == null || !state.up) {
            throw new IllegalStateException(from + " sends to " + to + " without a link: " + frame);
        }
        if (++framesSent > FRAMES_MAX) {
            throw new FloodException();
        }
        if (!state.carries || random.nextDouble() < lossRate) {
            framesLost++;
            return;
        }
        var delivered = saboteur.onFrame(from, to, frame);
        if (delivered.isEmpty()) {
            return;
        }
        var carried = publicationOf(delivered.get());
        carried.ifPresent(Publication::share);
        var arrival = Math.max(schedule.nowNanos() + delayNanos(from, to), state.lastArrivalNanos.getOrDefault(to, 0L));
        state.lastArrivalNanos.put(to, arrival);
        var connection = state.connection;
        schedule.at(arrival, () -> {
            if (state.up && state.carries && state.connection == connection) {
                component(to).onFrame(from, delivered.get());
            } else {
                framesLost++;
            }
            carried.ifPresent(Publication::release);
        });
    }

    boolean isUp(Place one, Place other) {
        var state = wires.get(Wire.of(one, other));
        return state != null && state.up;
    }

    long framesSent() {
        return framesSent;
    }

    long framesLost() {
        return framesLost;
    }

    private void drop(Place one, Place other, State state) {
        state.up = false;
        state.carries = false;
        if (components.containsKey(one)) {
            component(one).onLinkDown(other);
        }
        if (components.containsKey(other)) {
            component(other).onLinkDown(one);
        }
    }

    private Component component(Place place) {
        return Optional.ofNullable(components.get(place)).orElseThrow();
    }

    private long delayNanos(Place from, Place to) {
        var base = from.inRegion().equals(to.inRegion())
                ? from.inZone().equals(to.inZone()) ? MILLI / 10 : MILLI
                : 40 * MILLI;
        return base + (long) (random.nextDouble() * base);
    }

    private static Optional<Publication> publicationOf(Frame frame) {
        return switch (frame) {
            case Frame.Forward forward -> Optional.of(forward.publication());
            case Frame.LaneData data -> Optional.of(data.publication());
            default -> Optional.empty();
        };
    }
}
