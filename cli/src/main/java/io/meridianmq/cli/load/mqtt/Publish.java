package io.meridianmq.cli.load.mqtt;

/**
 * A message to publish.
 *
 * @param token by which the listener knows it
 * @param payload not to be changed any more
 * @param qos 0, 1 or 2
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared: only handed over.
public record Publish(long token, String topic, byte[] payload, int qos) {}
