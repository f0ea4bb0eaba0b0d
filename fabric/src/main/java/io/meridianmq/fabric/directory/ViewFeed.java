package io.meridianmq.fabric.directory;

import io.meridianmq.core.place.MembershipView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands views to listeners on a thread of its own. At most one view waits: a newer one replaces it, so a slow listener
 * costs no memory.
 */
final class ViewFeed implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ViewFeed.class);

    private final ExecutorService thread;
    private final AtomicBoolean deliveryWaits = new AtomicBoolean();

    /** Only for the feed's thread. */
    private final List<Subscription> subscriptions = new ArrayList<>();

    /** Written by the directory, read by the feed's thread and everybody who asks for the view. */
    private volatile MembershipView latest = MembershipView.EMPTY;

    ViewFeed(String threadName) {
        thread = Executors.newSingleThreadExecutor(
                Thread.ofVirtual().name(threadName).factory());
    }

    MembershipView latest() {
        return latest;
    }

    /** For one publisher at a time; revisions must rise. */
    void publish(MembershipView view) {
        assert view.revision() > latest.revision();
        latest = view;
        if (deliveryWaits.compareAndSet(false, true)) {
            run(() -> {
                deliveryWaits.set(false);
                var current = latest;
                subscriptions.forEach(subscription -> subscription.offer(current));
            });
        }
    }

    void subscribe(Consumer<MembershipView> listener) {
        run(() -> {
            var subscription = new Subscription(listener);
            subscriptions.add(subscription);
            subscription.offer(latest);
        });
    }

    /** Runs {@code task} between deliveries; not at all once the feed is closed. */
    void run(Runnable task) {
        try {
            thread.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    log.error("a listener of the directory failed", e);
                }
            });
        } catch (RejectedExecutionException e) {
            log.debug("a view came after the end of the directory", e);
        }
    }

    /** Delivers nothing more; does not wait for a listener that is at work, since it may be the one that closes. */
    @Override
    public void close() {
        thread.shutdownNow();
    }

    private static final class Subscription {

        private final Consumer<MembershipView> listener;
        private long deliveredRevision;

        Subscription(Consumer<MembershipView> listener) {
            this.listener = listener;
        }

        void offer(MembershipView view) {
            if (view.revision() <= deliveredRevision) {
                return;
            }
            deliveredRevision = view.revision();
            try {
                listener.accept(view);
            } catch (RuntimeException e) {
                log.error("a listener failed on view {}; it gets the next one", view.revision(), e);
            }
        }
    }
}
