/**
 * The comparison with other brokers on one machine: each is started as a process of its own and driven by {@code meridian
 * bench}; what the runs have shown becomes tables and plots.
 */
@NullMarked
package io.meridianmq.bench.compare;

import org.jspecify.annotations.NullMarked;
