/** Summaries of topic filters, or of client ids, for places that are too far away to know each one. */
@NullMarked
package io.meridianmq.digest;

import org.jspecify.annotations.NullMarked;
