/** Measurements of links, from within their package. */
@NullMarked
package io.meridianmq.fabric.link;

import org.jspecify.annotations.NullMarked;
