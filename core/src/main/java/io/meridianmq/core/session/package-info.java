/**
 * One MQTT client's session as a pure state machine: subscriptions, flows of every QoS, queue, expiry.
 *
 * <p>{@link io.meridianmq.core.session.Session} is the entrance. It tells its connection what to send through {@link
 * io.meridianmq.core.session.SessionPort} and the component that runs it what became of it through {@link
 * io.meridianmq.core.session.SessionOwner}. Inside, {@code Outflow} holds what goes to the client, {@code Inflow} what
 * comes from it, {@code RetainedReplay} the retained messages a new subscription is still owed.
 */
@NullMarked
package io.meridianmq.core.session;

import org.jspecify.annotations.NullMarked;
