/** Who is part of the platform, and who was a moment ago. */
@NullMarked
package io.meridianmq.control.roster;

import org.jspecify.annotations.NullMarked;
