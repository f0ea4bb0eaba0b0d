/** The gateway of a region: its composition. What it does is in {@code core.mesh}, how it runs in {@code fabric.relay}. */
@NullMarked
package io.meridianmq.gateway.region;

import org.jspecify.annotations.NullMarked;
