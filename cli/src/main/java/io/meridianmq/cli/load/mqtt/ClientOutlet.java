package io.meridianmq.cli.load.mqtt;

import io.netty.handler.codec.mqtt.MqttMessage;

/** How a {@link Client} reaches its broker. */
interface ClientOutlet {

    /** Begins to connect; {@link Client#onOpened} or {@link Client#onClosed} follows. */
    void open();

    /** Sends a packet on the connection, soon. */
    void send(MqttMessage packet);

    /** Closes the connection after what was sent on it; nothing is told of it from here on. */
    void close();

    /** Whether packets leave as fast as they are sent. */
    boolean isWritable();
}
