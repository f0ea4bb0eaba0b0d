/**
 * A small MQTT 5 client for thousands at a time: {@link io.meridianmq.cli.load.mqtt.Client} is the protocol as a state
 * machine, {@link io.meridianmq.cli.load.mqtt.Network} runs clients on one Netty event loop.
 */
@NullMarked
package io.meridianmq.cli.load.mqtt;

import org.jspecify.annotations.NullMarked;
