package io.meridianmq.cli.load.mqtt;

import io.netty.buffer.ByteBuf;

/** What a {@link Client} tells whoever it works for. All on its event loop; times are {@link System#nanoTime()}. */
public interface ClientListener {

    /**
     * It is connected and subscribed. What was not acknowledged on an earlier connection is sent again right after this.
     *
     * @param isSessionPresent whether the broker continues the session of an earlier connection
     */
    void onReady(boolean isSessionPresent, long nowNanos);

    /**
     * A connection on which it was ready has ended; it will connect again.
     *
     * @param heardNanos when something came last on that connection
     */
    void onDown(String reason, long heardNanos, long nowNanos);

    /** It could not connect or subscribe; it will try again. */
    void onAttemptFailed(String reason, long nowNanos);

    /**
     * A publish went out: for the first time, again on a new connection, or, at QoS 1, anew in a new session.
     *
     * @param token as given with the publish
     */
    void onSent(long token, long nowNanos);

    /** The broker has taken over a publish: PUBACK at QoS 1, PUBREC at QoS 2 [MQTT-4.3.3-8]. */
    void onAcknowledged(long token, long nowNanos);

    /** The broker has refused a publish. */
    void onRefused(long token, int reasonCode, long nowNanos);

    /**
     * A QoS 2 publish went out, no answer came, and its session is gone: whether it arrived is not known, and sending it
     * anew might deliver it twice.
     */
    void onAbandoned(long token, long nowNanos);

    /** Something came from the broker, whatever it was; before what it was is told. */
    void onHeard(long nowNanos);

    /**
     * A message for it.
     *
     * @param payload to be read during the call only
     */
    void onMessage(String topic, ByteBuf payload, long nowNanos);
}
