/** The bare relay: the least that a program on this machine can do to pass MQTT messages on. The limit that brokers are compared with. */
@NullMarked
package io.meridianmq.bench.relay;

import org.jspecify.annotations.NullMarked;
