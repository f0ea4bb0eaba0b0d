/** Load from simulated clients: the command {@code meridian fleet}. */
@NullMarked
package io.meridianmq.cli.load;

import org.jspecify.annotations.NullMarked;
