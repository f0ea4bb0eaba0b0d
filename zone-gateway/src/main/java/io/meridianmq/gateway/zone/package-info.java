/** The gateway of a zone: its composition. What it does is in {@code core.mesh}, how it runs in {@code fabric.relay}. */
@NullMarked
package io.meridianmq.gateway.zone;

import org.jspecify.annotations.NullMarked;
