/**
 * Packets to bytes and back, for every version of MQTT.
 *
 * <p>Reading: {@link io.meridianmq.broker.codec.FrameCut} finds where a packet ends, {@link
 * io.meridianmq.broker.codec.PacketDecoder} makes a value of it or throws a {@link
 * io.meridianmq.broker.codec.ProtocolException}. Writing: {@link io.meridianmq.broker.codec.PacketEncoder}. A
 * publication on its way to subscribers is never made into a value: {@link io.meridianmq.broker.codec.PublishFrame}
 * shares the bytes it arrived in.
 */
@NullMarked
package io.meridianmq.broker.codec;

import org.jspecify.annotations.NullMarked;
