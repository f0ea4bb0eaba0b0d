/** The event loops of a node, and how work gets from one to another: one batch per iteration, never one message. */
@NullMarked
package io.meridianmq.broker.loop;

import org.jspecify.annotations.NullMarked;
