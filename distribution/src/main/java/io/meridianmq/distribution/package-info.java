/** What makes the packaged distribution: the training run behind the AOT cache that all processes share. */
@NullMarked
package io.meridianmq.distribution;

import org.jspecify.annotations.NullMarked;
