/** Where a component stands in the platform, and who else is there. */
@NullMarked
package io.meridianmq.core.place;

import org.jspecify.annotations.NullMarked;
