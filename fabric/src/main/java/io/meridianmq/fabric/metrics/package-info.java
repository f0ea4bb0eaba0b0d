/** Metrics and health of a process, and the one HTTP port that serves both. */
@NullMarked
package io.meridianmq.fabric.metrics;

import org.jspecify.annotations.NullMarked;
