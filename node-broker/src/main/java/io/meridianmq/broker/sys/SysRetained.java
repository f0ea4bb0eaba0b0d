package io.meridianmq.broker.sys;

import io.meridianmq.broker.publish.RetainedMessages;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.topic.TopicFilter;
import java.util.function.IntConsumer;

/**
 * Answers look-ups below {@code $SYS/} with the node's own figures, and leaves everything else to where retained messages
 * are. Any thread.
 *
 * <p>No other filter matches these topics, since one that begins with a wildcard passes them by. [MQTT-4.7.2-1]
 */
public record SysRetained(RetainedMessages others, SysTopics topics) implements RetainedMessages {

    @Override
    public void store(Publication publication, IntConsumer onStored) {
        others.store(publication, onStored);
    }

    @Override
    public void lookUp(TopicFilter filter, String afterTopic, int limit, FoundSink sink) {
        if (filter.text().startsWith(SysTopics.PREFIX)) {
            var found = topics.matching(filter, afterTopic, limit + 1);
            var more = found.size() > limit;
            if (more) {
                found.getLast().release();
            }
            sink.found(more ? found.subList(0, limit) : found, more);
        } else {
            others.lookUp(filter, afterTopic, limit, sink);
        }
    }
}
