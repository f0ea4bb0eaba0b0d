/** Tests. */
@NullMarked
package io.meridianmq.broker.publish;

import org.jspecify.annotations.NullMarked;
