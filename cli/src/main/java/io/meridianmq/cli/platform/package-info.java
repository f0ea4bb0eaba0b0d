/**
 * A whole platform as separate processes on this machine's loopback interface: what it consists of, its ports and
 * configuration files, and starting, watching and stopping its processes.
 *
 * <p>Linux only: processes are told apart by what {@code /proc} says of them.
 */
@NullMarked
package io.meridianmq.cli.platform;

import org.jspecify.annotations.NullMarked;
