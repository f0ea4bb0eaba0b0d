package io.meridianmq.broker.publish;

import io.meridianmq.core.publication.Publication;
import io.meridianmq.topic.TopicFilter;
import java.util.List;
import java.util.function.IntConsumer;

/** Keeps no retained messages, and finds none. */
public final class NothingRetained implements RetainedMessages {

    @Override
    public void store(Publication publication, IntConsumer onStored) {
        throw new IllegalStateException("nothing here publishes with RETAIN: " + publication);
    }

    @Override
    public void lookUp(TopicFilter filter, String afterTopic, int limit, FoundSink sink) {
        sink.found(List.of(), false);
    }
}
