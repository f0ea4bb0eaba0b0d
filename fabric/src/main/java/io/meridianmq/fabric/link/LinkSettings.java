package io.meridianmq.fabric.link;

import java.time.Duration;

/**
 * Times and bounds of every link of a component.
 *
 * @param heartbeatInterval how often the neighbour is asked for a sign of life
 * @param silenceMax how long nothing may come before the link counts as down; also how long opening one may take
 * @param backoffMin wait before the first attempt to open a lost link again
 * @param backoffMax longest wait between two attempts
 * @param forwardBytesMax bytes waiting for a neighbour above which QoS 0 publications are dropped
 * @param queuedBytesMax bytes waiting for a neighbour above which the link is reset: lanes and control frames have
 *     windows of their own, which together must stay below
 * @param frameBytesMax largest frame in bytes, the platform's largest MQTT packet and its header; a larger one is dropped
 */
public record LinkSettings(
        Duration heartbeatInterval,
        Duration silenceMax,
        Duration backoffMin,
        Duration backoffMax,
        int forwardBytesMax,
        int queuedBytesMax,
        int frameBytesMax) {

    public static final LinkSettings DEFAULTS = new LinkSettings(
            Duration.ofMillis(500),
            Duration.ofSeconds(2),
            Duration.ofMillis(100),
            Duration.ofSeconds(2),
            4 << 20,
            64 << 20,
            16 << 20);

    public LinkSettings {
        require(isPositive(heartbeatInterval), "heartbeatInterval must be positive");
        require(
                silenceMax.compareTo(heartbeatInterval.multipliedBy(2)) >= 0,
                "silenceMax must be at least two heartbeat intervals");
        require(isPositive(backoffMin), "backoffMin must be positive");
        require(backoffMax.compareTo(backoffMin) >= 0, "backoffMax must be at least backoffMin");
        require(forwardBytesMax > 0, "forwardBytesMax must be positive");
        require(frameBytesMax > 0, "frameBytesMax must be positive");
        require(
                queuedBytesMax >= forwardBytesMax && queuedBytesMax >= frameBytesMax,
                "queuedBytesMax must be at least forwardBytesMax and frameBytesMax");
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException("link settings: " + problem);
        }
    }
}
