/** Tests. */
@NullMarked
package io.meridianmq.broker;

import org.jspecify.annotations.NullMarked;
