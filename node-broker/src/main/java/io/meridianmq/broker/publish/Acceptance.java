package io.meridianmq.broker.publish;

import java.util.concurrent.Executor;
import java.util.function.IntConsumer;

/**
 * Counts what has to be complete before one message's publisher is answered: sessions on other loops, the retained put,
 * other nodes.
 *
 * <p>Belongs to one thread, the publisher's loop for its messages, the mesh thread for those of other nodes. {@link
 * #completeLater} alone may be called by others.
 */
public final class Acceptance {

    /** For messages that nobody waits for, QoS 0 above all. Any thread. */
    public static final Acceptance NOT_AWAITED = new Acceptance(Runnable::run, _ -> {});

    private final Executor home;
    private final IntConsumer onAccepted;

    /** Parts under way; the publish itself is one until it has been seen through. */
    private int open = 1;

    private int reasonCode;

    /**
     * @param home runs a task on the thread that this belongs to
     * @param onAccepted gets the reason code for the publisher, once, on that thread
     */
    public Acceptance(Executor home, IntConsumer onAccepted) {
        this.home = home;
        this.onAccepted = onAccepted;
    }

    /** Whether anybody waits. */
    @SuppressWarnings("ReferenceEquality") // There is one such object.
    public boolean isAwaited() {
        return this != NOT_AWAITED;
    }

    /** One more part has to be complete. */
    public void expect() {
        if (isAwaited()) {
            open++;
        }
    }

    /**
     * A part is complete.
     *
     * @param partReasonCode 0x00, or why it could not be done; the highest of all parts is the publisher's
     */
    public void complete(int partReasonCode) {
        if (!isAwaited()) {
            return;
        }
        assert open > 0 : "more parts are complete than were expected";
        reasonCode = Math.max(reasonCode, partReasonCode);
        open--;
        if (open == 0) {
            onAccepted.accept(reasonCode);
        }
    }

    /** A part is complete. Any thread. */
    public void completeLater(int partReasonCode) {
        if (isAwaited()) {
            home.execute(() -> complete(partReasonCode));
        }
    }
}
