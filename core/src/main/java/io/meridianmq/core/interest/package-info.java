/** Who wants which topic filters: what a holder tells its neighbours, and what it knows of theirs. */
@NullMarked
package io.meridianmq.core.interest;

import org.jspecify.annotations.NullMarked;
