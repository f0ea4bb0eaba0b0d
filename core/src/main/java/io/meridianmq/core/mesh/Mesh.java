package io.meridianmq.core.mesh;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.LinkReport;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import java.util.List;
import java.util.Map;

/**
 * One component's part in the platform, as its shell drives it.
 *
 * <p>Owned by one thread, which calls every method here; effects go to the {@link Outlet} given at construction, on that
 * thread. After each batch of events, and at least every 10 ms, the owner calls {@link #flush}. Times are readings of one
 * monotonic nanosecond clock.
 */
public sealed interface Mesh permits NodeMesh, GatewayMesh, ControlMesh {

    /** Another view of who is alive. */
    void onView(MembershipView newer, long nowNanos);

    /** A link to a neighbour is up. */
    void onLinkUp(Place neighbour, long nowNanos);

    /** A link is down. */
    void onLinkDown(Place neighbour, long nowNanos);

    /**
     * A neighbour says that the directory does not list this start of the component any more, by a view that is no older
     * than the one of this component.
     */
    void onLeftOut(Place neighbour, long nowNanos);

    /** A frame from a neighbour. Its publication is shared for the duration of the call only. */
    void onFrame(Place from, Frame frame, long nowNanos);

    /**
     * Passes this component's live figures upward, with its entry in the directory; the shell calls it once a second.
     * Does nothing while the view does not list this start of the component.
     *
     * @param figures by metric name
     * @param links at most {@link Frame.Report#LINKS_MAX}
     * @param atMillis milliseconds since 1970
     */
    void report(Map<String, Double> figures, List<LinkReport> links, long nowNanos, long atMillis);

    /** Sends what has gathered, and does what is due. */
    void flush(long nowNanos);

    /** Whether this component knows what it needs to serve, or has waited long enough to learn it. */
    boolean isReady(long nowNanos);
}
