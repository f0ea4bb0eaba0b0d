package io.meridianmq.core.mesh;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.settings.CrossRegion;
import io.meridianmq.core.settings.PlatformSettings;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * How the settings of the platform come to a component, and from it to its neighbours.
 *
 * <p>Region gateways take them from the global directory and hand them to the zone gateways below, these to their nodes;
 * region gateways also tell each other. Whoever meets a lower version gives its own, in either direction, so that a
 * gateway that starts while the global directory is away learns them from those who still know. A neighbour that does not
 * say that it holds what it was given gets it again every 2 s.
 *
 * <p>Belongs to the thread of its mesh, {@link #held} and {@link #crossRegion} aside.
 */
final class SettingsExchange {

    private static final long REPEAT_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Place self;
    private final BiConsumer<Place, Frame> send;
    private final Consumer<PlatformSettings> onNewer;
    private final Map<Place, Told> neighbours = new TreeMap<>();

    /** Written by the mesh's thread, read by any. */
    private volatile PlatformSettings held = PlatformSettings.NONE;

    /** What {@link #held} says. Written by the mesh's thread, read by any. */
    private volatile CrossRegion crossRegion = CrossRegion.OPEN;

    /** One neighbour. */
    private static final class Told {

        /** The version that it holds, as far as it has said. */
        private long version;

        /** The version that it was given last, and when; at first, when the link came up. */
        private long sentVersion;

        private long sentNanos;

        /** Whether it is to be given what is held without waiting for what it says. */
        private boolean due;
    }

    /**
     * @param send to a neighbour whose link is up
     * @param onNewer told of each version that replaces a lower one here
     */
    SettingsExchange(Place self, BiConsumer<Place, Frame> send, Consumer<PlatformSettings> onNewer) {
        this.self = self;
        this.send = send;
        this.onNewer = onNewer;
    }

    /** The highest version that has come here. Any thread may call. */
    PlatformSettings held() {
        return held;
    }

    /** What may go to other regions by the highest version that has come here. Any thread may call. */
    CrossRegion crossRegion() {
        return crossRegion;
    }

    /** Settings from the global directory, or from a neighbour. */
    void offer(PlatformSettings settings) {
        if (settings.version() > held.version()) {
            held = settings;
            crossRegion = CrossRegion.of(settings);
            neighbours.values().forEach(told -> told.due = true);
            onNewer.accept(settings);
        }
    }

    void onLinkUp(Place neighbour, long nowNanos) {
        if (!exchangesWith(neighbour)) {
            return;
        }
        var told = new Told();
        told.sentNanos = nowNanos;
        neighbours.put(neighbour, told);
        send.accept(neighbour, new Frame.SettingsHeld(held.version()));
        if (neighbour.parent().filter(self::equals).isPresent()) {
            // Before any digest that lets its publications leave the region.
            give(neighbour, told, nowNanos);
        }
    }

    void onLinkDown(Place neighbour) {
        neighbours.remove(neighbour);
    }

    void onFrame(Place from, Frame.SettingsFrame frame, long nowNanos) {
        var told = neighbours.get(from);
        if (told == null) {
            return; // Of a link that is down already.
        }
        switch (frame) {
            case Frame.Settings(var settings) -> {
                told.version = settings.version();
                offer(settings);
                send.accept(from, new Frame.SettingsHeld(held.version()));
            }
            case Frame.SettingsHeld(var version) -> {
                told.version = version;
                if (version > held.version()) {
                    send.accept(from, new Frame.SettingsHeld(held.version())); // Which asks for more.
                } else if (version < held.version() && told.sentVersion != held.version()) {
                    give(from, told, nowNanos);
                }
            }
        }
    }

    /** Gives what is held to those who do not have it. */
    void flush(long nowNanos) {
        neighbours.forEach((neighbour, told) -> {
            if (told.due || nowNanos - told.sentNanos >= REPEAT_NANOS) {
                give(neighbour, told, nowNanos);
            }
        });
    }

    private void give(Place neighbour, Told told, long nowNanos) {
        told.due = false;
        if (told.version < held.version()) {
            told.sentVersion = held.version();
            told.sentNanos = nowNanos;
            send.accept(neighbour, new Frame.Settings(held));
        }
    }

    private boolean exchangesWith(Place neighbour) {
        return switch (neighbour.level()) {
            case GLOBAL -> false;
            case REGION -> true;
            case ZONE -> self.level() != Place.Level.ZONE;
            case NODE -> self.level() != Place.Level.NODE;
        };
    }
}
