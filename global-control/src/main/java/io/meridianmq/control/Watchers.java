package io.meridianmq.control;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Those who watch something, each on a virtual thread of its own. Any thread may call. */
final class Watchers<T> {

    /** At most this many watch at a time; further ones are refused. */
    static final int WATCHERS_MAX = 32;

    private final Duration every;
    private final Semaphore free = new Semaphore(WATCHERS_MAX);

    /** @param every how often it is looked whether there is something to send */
    Watchers(Duration every) {
        this.every = every;
    }

    /**
     * Sends what there is, now and from time to time, until the caller cancels or its connection ends.
     *
     * @param news of this watcher; empty if there are none since it was asked last
     */
    void add(StreamObserver<T> observer, Supplier<Optional<T>> news) {
        if (!free.tryAcquire()) {
            observer.onError(Status.RESOURCE_EXHAUSTED
                    .withDescription(WATCHERS_MAX + " watch already: end one of them first")
                    .asRuntimeException());
            return;
        }
        // gRPC gives every method of a service such an observer.
        var call = (ServerCallStreamObserver<T>) observer;
        var cancelled = new CountDownLatch(1);
        call.setOnCancelHandler(cancelled::countDown);
        Thread.ofVirtual().name("watch").start(() -> {
            try {
                serve(call, news, cancelled);
            } finally {
                free.release();
            }
        });
    }

    private void serve(ServerCallStreamObserver<T> call, Supplier<Optional<T>> news, CountDownLatch cancelled) {
        try {
            do {
                if (call.isReady()) { // Else it does not read: it gets the next one instead of a queue of old ones.
                    news.get().ifPresent(call::onNext);
                }
            } while (!cancelled.await(every.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException _) {
            call.onError(Status.UNAVAILABLE
                    .withDescription("global-control is stopping")
                    .asRuntimeException());
        }
    }
}
