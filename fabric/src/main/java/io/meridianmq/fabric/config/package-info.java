/**
 * Configuration of a process: one YAML file, overridden by environment variables, read once, checked as a whole, printed
 * at start.
 *
 * <p>{@link io.meridianmq.fabric.config.ConfigSource} holds the text, {@link io.meridianmq.fabric.config.Section} reads
 * typed values from it. A process defines its own records and reads them from the root section; the records that every
 * process shares are here.
 */
@NullMarked
package io.meridianmq.fabric.config;

import org.jspecify.annotations.NullMarked;
