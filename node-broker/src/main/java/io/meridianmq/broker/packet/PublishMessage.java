package io.meridianmq.broker.packet;

import io.meridianmq.core.publication.Qos;

/**
 * A message as values: one that is made here, like a will, and not one that arrived as a {@link PublishPacket}.
 *
 * @param topic a valid topic name; empty only beside a topic alias
 * @param payload application message
 * @param qos quality of service to publish with
 * @param retain whether to publish with RETAIN
 * @param properties those of version 5; left out for older ones
 */
public record PublishMessage(String topic, BinaryData payload, Qos qos, boolean retain, PublishProperties properties) {}
