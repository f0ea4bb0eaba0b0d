/** Hybrid logical time: one number that follows the wall clock and never contradicts cause and effect. */
@NullMarked
package io.meridianmq.core.clock;

import org.jspecify.annotations.NullMarked;
