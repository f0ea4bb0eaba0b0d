package io.meridianmq.broker.packet;

/**
 * The message that is published when the connection ends without a DISCONNECT that says otherwise (MQTT 5, section
 * 3.1.2.5).
 *
 * @param message what is published; no topic alias and no subscription identifier
 * @param delayIntervalSeconds how long after the end of the connection; 0 when absent
 */
public record Will(PublishMessage message, long delayIntervalSeconds) {}
