/**
 * The life of a publish, readable from top to bottom in {@link io.meridianmq.broker.publish.PublishFlow}: retain, route,
 * deliver here, forward, acknowledge.
 *
 * <p>{@link io.meridianmq.broker.publish.Mesh} is all that this node knows of others, {@link
 * io.meridianmq.broker.publish.RetainedMessages} all it knows of where retained messages are: on its own disk alone, or also
 * at the other nodes of the zone, which {@link io.meridianmq.broker.publish.ZonePeers} reaches.
 */
@NullMarked
package io.meridianmq.broker.publish;

import org.jspecify.annotations.NullMarked;
