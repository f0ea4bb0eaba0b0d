package io.meridianmq.retained;

import io.meridianmq.core.retained.TopicOrder;
import java.util.List;
import java.util.Optional;

/**
 * One stretch of a look-up that also says what is gone.
 *
 * @param entries in topic order ({@link TopicOrder}); may be empty while more follow
 * @param next the topic after which to go on; empty when the look-up is complete
 */
public record RetainedVersions(List<RetainedEntry> entries, Optional<String> next) {
    public RetainedVersions {
        entries = List.copyOf(entries);
    }
}
