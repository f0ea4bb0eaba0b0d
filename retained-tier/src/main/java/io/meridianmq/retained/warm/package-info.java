/**
 * The warm tier: every retained message of a node's topics on its disk, ordered by topic.
 *
 * <pre>
 *   family message:  topic, '/' as 0x00      ->  message or tombstone, with its version
 *   family due:      time, topic as above    ->  nothing; what has to be looked at when that time has come
 *   family slot:     slot, topic as above    ->  nothing; every topic that family message has; since format 2
 * </pre>
 *
 * <p>The separator sorts before every character, and no topic contains it, so the keys are in the order of levels: {@code
 * a/b} and everything below is one contiguous range, and {@code a/b!} is not in it.
 */
@NullMarked
package io.meridianmq.retained.warm;

import org.jspecify.annotations.NullMarked;
