/**
 * The sessions of a node, each on the loop that created it, and the way between a session and its connection when that is
 * on another loop.
 */
@NullMarked
package io.meridianmq.broker.session;

import org.jspecify.annotations.NullMarked;
