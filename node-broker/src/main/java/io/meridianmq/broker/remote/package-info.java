/**
 * How the node that a client is connected to and the node that has its session talk: what they say, as bytes, and how
 * much of it may be on its way. Knows nothing of sessions and connections themselves.
 */
@NullMarked
package io.meridianmq.broker.remote;

import org.jspecify.annotations.NullMarked;
