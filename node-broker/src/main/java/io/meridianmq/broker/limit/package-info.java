/** Quotas of the node. */
@NullMarked
package io.meridianmq.broker.limit;

import org.jspecify.annotations.NullMarked;
