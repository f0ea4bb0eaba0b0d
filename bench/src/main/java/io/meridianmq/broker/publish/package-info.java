/** Measurements of the life of a publish, from within its package. */
@NullMarked
package io.meridianmq.broker.publish;

import org.jspecify.annotations.NullMarked;
