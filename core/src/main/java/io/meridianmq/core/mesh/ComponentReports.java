package io.meridianmq.core.mesh;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The last report of every component: soft state, forgotten when reports cease.
 *
 * <p>One writer, the thread that drives the mesh; any thread reads.
 */
final class ComponentReports {

    private static final long SWEEP_EVERY_NANOS = Duration.ofMillis(100).toNanos();

    private final ControlSettings settings;
    private final Map<Place, Heard> heard = new ConcurrentSkipListMap<>();
    private long sweptNanos;
    private long stale;
    private long refused;

    private record Heard(Member member, LiveFigures live) {}

    ComponentReports(ControlSettings settings, long nowNanos) {
        this.settings = settings;
        this.sweptNanos = nowNanos;
    }

    /**
     * A report arrived.
     *
     * @param from the gateway that passed it on
     * @param listedBoot boot number that the directory has for the component; the lowest one if it does not list it
     * @return whether it was taken
     */
    boolean take(Place from, Frame.Report report, long listedBoot, long nowNanos) {
        var member = report.member();
        var known = heard.get(member.place());
        if (!from.contains(member.place())
                || report.figures().size() > settings.figuresMax()
                || report.links().size() > Frame.Report.LINKS_MAX
                || (known == null && heard.size() >= settings.componentsMax())) {
            refused++;
            return false;
        }
        if (member.boot() < listedBoot
                || (known != null && member.boot() < known.member().boot())) {
            stale++;
            return false;
        }
        var live = known != null && known.member().boot() == member.boot()
                ? known.live().next(report, nowNanos)
                : LiveFigures.first(report, nowNanos);
        heard.put(member.place(), new Heard(member, live));
        return true;
    }

    /** Forgets what is too old; true if there was something. */
    boolean sweep(long nowNanos) {
        if (nowNanos - sweptNanos < SWEEP_EVERY_NANOS) {
            return false;
        }
        sweptNanos = nowNanos;
        var lifeNanos = settings.reportLife().toNanos();
        return heard.values().removeIf(report -> nowNanos - report.live().heardNanos() >= lifeNanos);
    }

    /** What the directory lists and what reported, in place order. Any thread may call. */
    SortedMap<Place, KnownComponent> with(MembershipView view) {
        var known = new TreeMap<Place, KnownComponent>();
        heard.forEach(
                (place, report) -> known.put(place, new KnownComponent(report.member(), Optional.of(report.live()))));
        view.members()
                .forEach((place, member) -> known.merge(
                        place,
                        new KnownComponent(member, Optional.empty()),
                        (reported, listed) -> reported.member().boot() >= member.boot() ? reported : listed));
        return known;
    }

    int size() {
        return heard.size();
    }

    long stale() {
        return stale;
    }

    long refused() {
        return refused;
    }
}
