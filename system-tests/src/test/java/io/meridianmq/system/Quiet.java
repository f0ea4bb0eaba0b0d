package io.meridianmq.system;

import io.meridianmq.cli.load.mqtt.ClientListener;
import io.netty.buffer.ByteBuf;

/** A listener to which most is of no interest. */
interface Quiet extends ClientListener {
    @Override
    default void onReady(boolean isSessionPresent, long nowNanos) {}

    @Override
    default void onDown(String reason, long heardNanos, long nowNanos) {}

    @Override
    default void onAttemptFailed(String reason, long nowNanos) {}

    @Override
    default void onSent(long token, long nowNanos) {}

    @Override
    default void onAcknowledged(long token, long nowNanos) {}

    @Override
    default void onRefused(long token, int reasonCode, long nowNanos) {}

    @Override
    default void onAbandoned(long token, long nowNanos) {}

    @Override
    default void onHeard(long nowNanos) {}

    @Override
    default void onMessage(String topic, ByteBuf payload, long nowNanos) {}
}
