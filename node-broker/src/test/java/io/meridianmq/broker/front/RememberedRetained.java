package io.meridianmq.broker.front;

import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.publish.RetainedMessages;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.topic.TopicFilter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;

/** Retained messages in memory, whose storing can be held up. */
final class RememberedRetained implements RetainedMessages, AutoCloseable {

    private final Map<String, Publication> messages = new TreeMap<>();
    private final ArrayDeque<IntConsumer> heldUp = new ArrayDeque<>();
    private boolean isSlow;

    /** From here on puts are answered only when {@link #storeHeldUp} is called. */
    void holdUp() {
        isSlow = true;
    }

    void storeHeldUp(int reasonCode) {
        isSlow = false;
        for (var listener = heldUp.poll(); listener != null; listener = heldUp.poll()) {
            listener.accept(reasonCode);
        }
    }

    @Override
    public void store(Publication publication, IntConsumer onStored) {
        var before = messages.remove(publication.topic());
        if (before != null) {
            before.release();
        }
        if (((PublishFrame) publication.bytes()).payloadLength() > 0) {
            messages.put(publication.topic(), publication.share());
        }
        if (isSlow) {
            heldUp.add(onStored);
        } else {
            onStored.accept(0);
        }
    }

    @Override
    public void lookUp(TopicFilter filter, String afterTopic, int limit, FoundSink sink) {
        var found = new ArrayList<Publication>();
        var more = false;
        for (var message : messages.values()) {
            if (message.topic().compareTo(afterTopic) > 0 && filter.matches(message.topic())) {
                more = found.size() == limit;
                if (more) {
                    break;
                }
                found.add(message.share());
            }
        }
        sink.found(found, more);
    }

    @Override
    public void close() {
        messages.values().forEach(Publication::release);
    }
}
