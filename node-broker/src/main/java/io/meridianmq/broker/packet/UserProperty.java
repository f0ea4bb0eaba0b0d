package io.meridianmq.broker.packet;

/**
 * One name and value that the specification gives no meaning to. Names may repeat and their order counts.
 * [MQTT-3.3.2-18]
 */
public record UserProperty(String name, String value) {}
