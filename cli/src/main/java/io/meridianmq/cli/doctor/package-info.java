/** {@code meridian doctor}: what a machine needs for so many connections, and what of it is missing. */
@NullMarked
package io.meridianmq.cli.doctor;

import org.jspecify.annotations.NullMarked;
