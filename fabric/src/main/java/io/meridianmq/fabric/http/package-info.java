/** A small HTTP server for what processes show of themselves, and the JSON that they show. */
@NullMarked
package io.meridianmq.fabric.http;

import org.jspecify.annotations.NullMarked;
