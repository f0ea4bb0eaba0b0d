package io.meridianmq.fabric.directory;

import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** A directory that is written down: nobody joins but by {@link #register}, nobody leaves, and it is always connected. */
public final class StaticDirectory implements Directory {

    private final ViewFeed feed = new ViewFeed("directory-static-views");
    private final ReentrantLock changing = new ReentrantLock();

    /** Lists {@code members} as revision 1. */
    public StaticDirectory(List<Member> members) {
        feed.publish(MembershipView.of(1, members));
    }

    @Override
    public MembershipView view() {
        return feed.latest();
    }

    @Override
    public void watch(Consumer<MembershipView> listener) {
        feed.subscribe(listener);
    }

    @Override
    public CompletableFuture<Void> register(Member member) {
        changing.lock();
        try {
            var members = new ArrayList<>(view().members().values());
            members.removeIf(other -> other.place().equals(member.place()));
            members.add(member);
            feed.publish(MembershipView.of(view().revision() + 1, members));
        } finally {
            changing.unlock();
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public boolean connected() {
        return true;
    }

    @Override
    public void close() {
        feed.close();
    }
}
