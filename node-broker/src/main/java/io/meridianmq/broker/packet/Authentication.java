package io.meridianmq.broker.packet;

/**
 * The enhanced authentication part of CONNECT, CONNACK and AUTH (MQTT 5, section 4.12).
 *
 * @param method name of the method, the same in every packet of one exchange
 * @param data what the method says; empty if the packet has none
 */
public record Authentication(String method, BinaryData data) {}
