/** Tests. */
@NullMarked
package io.meridianmq.broker.front;

import org.jspecify.annotations.NullMarked;
