/** How a process starts, keeps its data folder, logs, and stops in order. */
@NullMarked
package io.meridianmq.fabric.lifecycle;

import org.jspecify.annotations.NullMarked;
