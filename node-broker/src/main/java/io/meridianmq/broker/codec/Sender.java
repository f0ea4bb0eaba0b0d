package io.meridianmq.broker.codec;

/** Which end of a connection sent a packet; some packets and properties belong to one of them alone. */
public enum Sender {
    CLIENT,
    SERVER
}
