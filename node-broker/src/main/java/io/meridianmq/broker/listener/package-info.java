/** Where clients connect: event loops, listening sockets, and the pipeline in front of a connection. */
@NullMarked
package io.meridianmq.broker.listener;

import org.jspecify.annotations.NullMarked;
