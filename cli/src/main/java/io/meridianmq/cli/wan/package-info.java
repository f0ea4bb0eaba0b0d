/** A network between the regions of a local platform that is as slow as the one between real regions. */
@NullMarked
package io.meridianmq.cli.wan;

import org.jspecify.annotations.NullMarked;
