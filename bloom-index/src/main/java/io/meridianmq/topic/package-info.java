/** Topic names and filters, their 64-bit hashes, and the trie that finds the subscriptions a topic matches. */
@NullMarked
package io.meridianmq.topic;

import org.jspecify.annotations.NullMarked;
