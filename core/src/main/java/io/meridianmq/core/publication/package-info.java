/** A published message as the cores see it: its quality of service, and its bytes by reference. */
@NullMarked
package io.meridianmq.core.publication;

import org.jspecify.annotations.NullMarked;
