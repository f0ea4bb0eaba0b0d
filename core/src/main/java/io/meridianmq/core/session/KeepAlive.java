package io.meridianmq.core.session;

import java.util.concurrent.TimeUnit;

/**
 * Watches that a client sends something often enough: one and a half times its Keep Alive. [MQTT-3.1.2-22]
 *
 * <p>Belongs to the connection's thread. Times are of a monotonic clock, in nanoseconds.
 */
public final class KeepAlive {

    private final int allowedMillis;
    private long heardNanos;
    private boolean suspended;

    /** @param seconds the Keep Alive in force, 0..65535; 0 turns the watch off. [MQTT-3.1.2-22] */
    public KeepAlive(int seconds, long nowNanos) {
        this.allowedMillis = seconds * 1_500;
        this.heardNanos = nowNanos;
    }

    /** The Keep Alive in force; 0 for none. */
    public int seconds() {
        return allowedMillis / 1_500;
    }

    /** A packet of the client arrived. */
    public void heard(long nowNanos) {
        heardNanos = nowNanos;
    }

    /** The server itself stopped reading: silence is not the client's fault until {@link #resume}. */
    public void suspend() {
        suspended = true;
    }

    /** The server reads again; the client's time starts anew. */
    public void resume(long nowNanos) {
        suspended = false;
        heardNanos = nowNanos;
    }

    /** Whether the client has been silent for too long. */
    public boolean isOver(long nowNanos) {
        return allowedMillis > 0 && !suspended && nowNanos - heardNanos > TimeUnit.MILLISECONDS.toNanos(allowedMillis);
    }
}
