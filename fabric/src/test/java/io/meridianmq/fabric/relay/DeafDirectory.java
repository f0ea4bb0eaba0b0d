package io.meridianmq.fabric.relay;

import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.fabric.directory.Directory;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A directory that cannot be reached. */
record DeafDirectory() implements Directory {

    @Override
    public MembershipView view() {
        return MembershipView.EMPTY;
    }

    @Override
    public void watch(Consumer<MembershipView> listener) {
        // There is never a view.
    }

    @Override
    public CompletableFuture<Void> register(Member member) {
        return new CompletableFuture<>();
    }

    @Override
    public boolean ready() {
        return false;
    }

    @Override
    public boolean connected() {
        return false;
    }

    @Override
    public void close() {
        // Nothing was opened.
    }
}
