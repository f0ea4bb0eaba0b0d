/** How a process reads its command line, starts, keeps its data folder, logs, and stops in order. */
@NullMarked
package io.meridianmq.fabric.lifecycle;

import org.jspecify.annotations.NullMarked;
