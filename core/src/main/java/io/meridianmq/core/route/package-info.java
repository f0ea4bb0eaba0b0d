/** Where a publication goes and why; where a frame goes next. */
@NullMarked
package io.meridianmq.core.route;

import org.jspecify.annotations.NullMarked;
