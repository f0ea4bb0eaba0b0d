/** Measurements of connections, from within their package. */
@NullMarked
package io.meridianmq.broker.front;

import org.jspecify.annotations.NullMarked;
