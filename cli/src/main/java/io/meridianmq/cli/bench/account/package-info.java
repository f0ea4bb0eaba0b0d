/** What a measurement counts: losses, repetitions and order, latencies, and what processes use. No networking. */
@NullMarked
package io.meridianmq.cli.bench.account;

import org.jspecify.annotations.NullMarked;
