/** The file of users and passwords: what nodes read to let clients in, and what {@code meridian passwd} writes. */
@NullMarked
package io.meridianmq.fabric.access;

import org.jspecify.annotations.NullMarked;
