/** Retained messages: what they are, and how their versions compare, whichever tier holds them. */
@NullMarked
package io.meridianmq.retained;

import org.jspecify.annotations.NullMarked;
