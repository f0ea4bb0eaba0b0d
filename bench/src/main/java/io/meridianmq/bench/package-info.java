/** Measurements of parts of the platform, with JMH. */
@NullMarked
package io.meridianmq.bench;

import org.jspecify.annotations.NullMarked;
