/** Bounds of what operations may take, whatever machine runs them. */
@NullMarked
package io.meridianmq.broker.listener;

import org.jspecify.annotations.NullMarked;
