/** Where monitoring finds the components of the platform. */
@NullMarked
package io.meridianmq.control.discovery;

import org.jspecify.annotations.NullMarked;
