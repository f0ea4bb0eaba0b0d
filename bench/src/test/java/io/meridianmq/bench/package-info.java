/** What the guards of other packages share. */
@NullMarked
package io.meridianmq.bench;

import org.jspecify.annotations.NullMarked;
