package io.meridianmq.fabric.relay;

import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.directory.Directory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A directory that the components of one test share: each has a handle of its own, and leaves when that is closed. */
final class SharedDirectory {

    private final Map<Place, Member> members = new TreeMap<>();
    private final List<Handle> handles = new ArrayList<>();
    private long revision;

    /** The directory as one process has it. */
    synchronized Directory handle() {
        var handle = new Handle();
        handles.add(handle);
        return handle;
    }

    private synchronized MembershipView view() {
        return revision == 0 ? MembershipView.EMPTY : MembershipView.of(revision, members.values());
    }

    private synchronized void changed() {
        revision++;
        handles.forEach(Handle::tell);
    }

    private final class Handle implements Directory {

        private final List<Member> own = new ArrayList<>();
        private final List<Consumer<MembershipView>> listeners = new ArrayList<>();

        @Override
        public MembershipView view() {
            return SharedDirectory.this.view();
        }

        @Override
        public void watch(Consumer<MembershipView> listener) {
            synchronized (SharedDirectory.this) {
                listeners.add(listener);
                if (ready()) {
                    listener.accept(view());
                }
            }
        }

        @Override
        public CompletableFuture<Void> register(Member member) {
            synchronized (SharedDirectory.this) {
                own.add(member);
                members.put(member.place(), member);
                changed();
            }
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public boolean ready() {
            return view().revision() > 0;
        }

        @Override
        public boolean connected() {
            return true;
        }

        @Override
        public void close() {
            synchronized (SharedDirectory.this) {
                handles.remove(this);
                own.forEach(member -> members.remove(member.place(), member));
                changed();
            }
        }

        private void tell() {
            listeners.forEach(listener -> listener.accept(view()));
        }
    }
}
