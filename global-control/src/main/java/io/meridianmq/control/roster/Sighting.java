package io.meridianmq.control.roster;

import io.meridianmq.core.mesh.LiveFigures;
import io.meridianmq.core.place.Member;
import java.util.Optional;

/**
 * A component as it is, or as it was when it was last there.
 *
 * @param seenMillis when it was last heard or listed, in milliseconds since 1970
 * @param live what it last reported; empty if this start of it never did
 */
public record Sighting(Member member, State state, long seenMillis, Optional<LiveFigures> live) {

    /** Whether a component is there. */
    public enum State {
        /** It reported within the last 3 s. */
        LIVE,
        /** It is listed, or was heard within the last 10 s, but did not report within the last 3 s. */
        SILENT,
        /** It was there, and neither reports nor is listed any more. */
        LOST
    }
}
