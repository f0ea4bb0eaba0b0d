package io.meridianmq.retained;

import io.meridianmq.core.retained.TopicOrder;
import java.util.List;
import java.util.Optional;

/**
 * One stretch of a wildcard look-up.
 *
 * @param messages in topic order ({@link TopicOrder}); may be empty while more follow
 * @param next the topic after which to go on; empty when the look-up is complete
 */
public record RetainedPage(List<RetainedMessage> messages, Optional<String> next) {
    public RetainedPage {
        messages = List.copyOf(messages);
    }
}
