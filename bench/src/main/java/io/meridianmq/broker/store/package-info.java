/** Measurements of durable sessions on disk, from within their package. */
@NullMarked
package io.meridianmq.broker.store;

import org.jspecify.annotations.NullMarked;
