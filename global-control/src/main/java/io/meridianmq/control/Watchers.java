package io.meridianmq.control;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.meridianmq.proto.admin.v1.WatchPlatformResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Those who watch the platform, each on a virtual thread of its own. Any thread may call. */
final class Watchers {

    /** At most this many watch at a time; further ones are refused. */
    static final int WATCHERS_MAX = 32;

    private final Supplier<WatchPlatformResponse> platform;
    private final Duration every;
    private final Semaphore free = new Semaphore(WATCHERS_MAX);

    /**
     * @param platform as it is now
     * @param every how often each watcher gets it
     */
    Watchers(Supplier<WatchPlatformResponse> platform, Duration every) {
        this.platform = platform;
        this.every = every;
    }

    /** Sends the platform now and from time to time, until the caller cancels or its connection ends. */
    void add(StreamObserver<WatchPlatformResponse> observer) {
        if (!free.tryAcquire()) {
            observer.onError(Status.RESOURCE_EXHAUSTED
                    .withDescription(WATCHERS_MAX + " watch already: end one of them first")
                    .asRuntimeException());
            return;
        }
        // gRPC gives every method of a service such an observer.
        var call = (ServerCallStreamObserver<WatchPlatformResponse>) observer;
        var cancelled = new CountDownLatch(1);
        call.setOnCancelHandler(cancelled::countDown);
        Thread.ofVirtual().name("watch").start(() -> {
            try {
                serve(call, cancelled);
            } finally {
                free.release();
            }
        });
    }

    private void serve(ServerCallStreamObserver<WatchPlatformResponse> call, CountDownLatch cancelled) {
        try {
            do {
                if (call.isReady()) { // Else it does not read: it gets the next one instead of a queue of old ones.
                    call.onNext(platform.get());
                }
            } while (!cancelled.await(every.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException _) {
            call.onError(Status.UNAVAILABLE
                    .withDescription("global-control is stopping")
                    .asRuntimeException());
        }
    }
}
