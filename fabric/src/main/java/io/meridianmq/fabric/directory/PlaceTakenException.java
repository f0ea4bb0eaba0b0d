package io.meridianmq.fabric.directory;

import io.meridianmq.core.place.Member;
import java.io.Serial;

/** Two living processes are configured with one place; this one has the lower boot and has to go. */
public final class PlaceTakenException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Member holder;

    PlaceTakenException(Member own, Member holder) {
        super(own.place() + " is held by another process with a higher boot (" + holder.boot() + ", links at "
                + holder.linkAddress() + "; this process has boot " + own.boot()
                + "): two processes are configured with one place: stop one of them, or give it a place of its own");
        this.holder = holder;
    }

    /** What the directory lists for the place. */
    public Member holder() {
        return holder;
    }
}
