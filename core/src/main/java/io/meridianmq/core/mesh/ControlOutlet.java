package io.meridianmq.core.mesh;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.place.Place;

/** Where global-control's effects go. Called by the thread that drives it. */
public interface ControlOutlet extends Outlet {

    /** Why a question was given up. */
    enum Cause {
        /** The answer did not come before the deadline. */
        TOO_LATE("did not answer in time"),
        /** There is no link to the gateway of its region, or that link went down while waiting. */
        NO_LINK("no link to the gateway of its region"),
        /** As many questions as may wait are waiting. */
        TOO_MANY("too many questions are waiting for answers");

        private final String words;

        Cause(String words) {
            this.words = words;
        }

        /** The cause in words for an operator. */
        public String words() {
            return words;
        }
    }

    /** The answer to a question that waited for it; at most once for each. */
    @Override
    void answered(Frame.Response response);

    /** A question will not be answered; instead of {@link #answered}. */
    void unanswered(long id, Place component, Cause cause);
}
