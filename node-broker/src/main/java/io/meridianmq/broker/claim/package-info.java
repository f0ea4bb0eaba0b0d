/**
 * A node's way to its claims: how loops ask for connections and hear of them, how wills are published, and the claims of a
 * node on its own.
 */
@NullMarked
package io.meridianmq.broker.claim;

import org.jspecify.annotations.NullMarked;
