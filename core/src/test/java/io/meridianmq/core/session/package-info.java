/** Tests of the session. */
@NullMarked
package io.meridianmq.core.session;

import org.jspecify.annotations.NullMarked;
