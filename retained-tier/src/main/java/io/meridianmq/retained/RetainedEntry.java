package io.meridianmq.retained;

import io.meridianmq.core.retained.RetainedVersion;

/** What a place knows of a topic: its message, or that it has none any more. */
public sealed interface RetainedEntry permits RetainedMessage, RetainedTombstone {

    /** Valid topic name. */
    String topic();

    /** Decides between the entries that several places have of one topic: the greatest counts. */
    RetainedVersion version();
}
