package io.meridianmq.fabric.directory;

import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Who is alive: registers a process's own components and follows everybody's. All methods may be called by any thread. */
public interface Directory extends AutoCloseable {

    /** The last view; {@link MembershipView#EMPTY} until {@link #ready}. */
    MembershipView view();

    /**
     * Calls {@code listener} with the current view, if there is one, and with each later one: with strictly increasing
     * revisions, always on the same thread of the directory. Views that a slow listener could not take in time are left
     * out, never the last one. A listener must not block for long: it delays the others.
     */
    void watch(Consumer<MembershipView> listener);

    /**
     * Lists {@code member} until the directory is closed, again whenever it gets lost. Registering the same place again
     * replaces what is listed for it.
     *
     * @return completes when it is listed for the first time; with a {@link PlaceTakenException} if another process with
     *     a higher boot holds the place; cancelled when the place is registered again, or the directory closed, before
     */
    CompletableFuture<Void> register(Member member);

    /** Whether there has been a complete view since the start. */
    boolean ready();

    /** Whether the directory can be seen right now. While not, {@link #view} stays as it was. */
    boolean connected();

    /** Removes this process's members, so that others see it at once, and stops. */
    @Override
    void close();
}
