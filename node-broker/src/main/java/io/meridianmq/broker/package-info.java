/** The broker node: its configuration, and how it is put together. */
@NullMarked
package io.meridianmq.broker;

import org.jspecify.annotations.NullMarked;
