package io.meridianmq.digest;

import io.meridianmq.topic.TopicFilter;

/** Why a digest lets a topic pass. */
public sealed interface DigestMatch {

    /** Somebody may want this very topic: its key is in the literal filter. */
    record Literal(long key) implements DigestMatch {}

    /** Somebody wants it: this filter, or one that it covers. */
    record Wildcard(TopicFilter filter) implements DigestMatch {}

    /** Somebody may want it: a filter with wildcards that begins with these levels was summarised. */
    record Overflow(String prefix) implements DigestMatch {}
}
