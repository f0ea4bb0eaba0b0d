/** Bounds of what operations may take, whatever machine runs them. */
@NullMarked
package io.meridianmq.broker.front;

import org.jspecify.annotations.NullMarked;
