/** One connection's shell on its event loop: from bytes to a session, and from a session's deliveries to bytes. */
@NullMarked
package io.meridianmq.broker.front;

import org.jspecify.annotations.NullMarked;
