/**
 * MQTT as a load generator needs it: packets encoded before they are needed, a reader that looks at headers only, and one
 * write for each connection and turn of its event loop.
 */
@NullMarked
package io.meridianmq.cli.bench.wire;

import org.jspecify.annotations.NullMarked;
