/** How digests travel: from the gateway that makes one to its siblings, and on to everybody below them. */
@NullMarked
package io.meridianmq.core.digest;

import org.jspecify.annotations.NullMarked;
