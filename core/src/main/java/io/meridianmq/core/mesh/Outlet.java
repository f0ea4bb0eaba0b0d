package io.meridianmq.core.mesh;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.place.Place;

/** Where a component's effects go that every component has. Called by the thread that drives the component. */
public interface Outlet {

    /**
     * Sends a frame to a neighbour whose link is up; on a link that is down, or over its bound, the frame is dropped and
     * counted there. The publication in the frame is shared for the duration of the call only.
     */
    void send(Place neighbour, Frame frame);

    /** A question for this component; the answer goes back with {@link Frame.Response}. */
    void asked(Frame.Request request);

    /** The answer to a question that this component asked. */
    void answered(Frame.Response response);

    /** Live figures of a component below this one, or of this one. */
    void reported(Frame.Report report);
}
