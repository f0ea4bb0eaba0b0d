package io.meridianmq.cli.bench;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** Opens the connections of one loop, some at a time. Belongs to that loop. */
final class Opener {

    private static final int UNDER_WAY_MAX = 100;
    private static final int PATIENCE_SECONDS = 20;

    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private int underWay;

    /** Completes when all are open, or at the first that cannot be; the thread that waits reads it. */
    private volatile CompletableFuture<Boolean> allOpen = CompletableFuture.completedFuture(true);

    /** How many are open; the thread that waits reads it. */
    private final AtomicLong opened = new AtomicLong();

    /** Begins; each attempt ends with {@link #onOpen} or {@link #onBroken}. */
    void open(Collection<Runnable> attempts) {
        allOpen = new CompletableFuture<>();
        waiting.addAll(attempts);
        openMore();
    }

    private void openMore() {
        while (underWay < UNDER_WAY_MAX && !waiting.isEmpty()) {
            underWay++;
            waiting.remove().run();
        }
        if (underWay == 0) {
            allOpen.complete(true);
        }
    }

    void onOpen() {
        underWay--;
        opened.incrementAndGet();
        openMore();
    }

    /** Once all are open this means nothing here. */
    void onBroken(String reason) {
        allOpen.completeExceptionally(new BenchFailedException(reason));
    }

    /**
     * Waits until the openings of all loops are done. Not on a loop.
     *
     * @throws BenchFailedException if one fails, or nothing comes of them for {@value #PATIENCE_SECONDS} s
     */
    static void await(Collection<Opener> openers, InetSocketAddress broker) throws InterruptedException {
        var all = CompletableFuture.allOf(
                openers.stream().map(each -> each.allOpen).toArray(CompletableFuture[]::new));
        var opened = 0L;
        var quietSeconds = 0;
        while (!isDone(all)) {
            var now = openers.stream().mapToLong(each -> each.opened.get()).sum();
            quietSeconds = now == opened ? quietSeconds + 1 : 0;
            opened = now;
            if (quietSeconds >= PATIENCE_SECONDS) {
                throw new BenchFailedException("clients get no answer within " + PATIENCE_SECONDS
                        + " s: is it an MQTT broker that listens at " + broker + "?");
            }
        }
    }

    /** Waits up to a second. */
    private static boolean isDone(CompletableFuture<Void> all) throws InterruptedException {
        try {
            all.get(1, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException _) {
            return false;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BenchFailedException failed) {
                throw failed;
            }
            throw new IllegalStateException("connections could not be opened", e.getCause());
        }
    }
}
