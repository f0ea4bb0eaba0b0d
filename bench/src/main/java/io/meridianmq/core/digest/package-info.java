/** Measurements of decisions that need digests, from within their package. */
@NullMarked
package io.meridianmq.core.digest;

import org.jspecify.annotations.NullMarked;
