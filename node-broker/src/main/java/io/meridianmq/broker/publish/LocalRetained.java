package io.meridianmq.broker.publish;

import io.meridianmq.broker.codec.TopicCache;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.retained.store.StoreException;
import io.meridianmq.retained.warm.PutOutcome;
import io.meridianmq.retained.warm.WarmTier;
import io.meridianmq.topic.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The retained messages of a node on its own: all are on its disk, each as its canonical PUBLISH frame. Any thread. */
public final class LocalRetained implements RetainedMessages {

    private static final Logger log = LoggerFactory.getLogger(LocalRetained.class);

    /** Look-ups that read from the disk at once; each session has at most one more waiting. */
    private static final int READERS_MAX = 16;

    private static final int SUCCESS = 0x00;
    private static final int UNSPECIFIED_ERROR = 0x80;
    private static final int QUOTA_EXCEEDED = 0x97;

    private final WarmTier warm;
    private final Executor blocking;
    private final Semaphore readers = new Semaphore(READERS_MAX);

    /** @param blocking runs each task on a thread that may block, a virtual one */
    public LocalRetained(WarmTier warm, Executor blocking) {
        this.warm = warm;
        this.blocking = blocking;
    }

    @Override
    public void store(Publication publication, IntConsumer onStored) {
        if (!RetainedFrames.put(warm, publication, outcome -> onStored.accept(reasonCode(outcome)))) {
            onStored.accept(QUOTA_EXCEEDED); // Too much is waiting for the disk already.
        }
    }

    @Override
    public void lookUp(TopicFilter filter, String afterTopic, int limit, FoundSink sink) {
        blocking.execute(() -> {
            readers.acquireUninterruptibly();
            try {
                read(filter, afterTopic, limit, sink);
            } finally {
                readers.release();
            }
        });
    }

    private void read(TopicFilter filter, String afterTopic, int limit, FoundSink sink) {
        var found = new ArrayList<Publication>();
        try {
            var after = afterTopic.isEmpty() ? Optional.<String>empty() : Optional.of(afterTopic);
            var page = warm.scan(filter, after, limit);
            while (page.messages().isEmpty() && page.next().isPresent()) {
                page = warm.scan(filter, page.next(), limit);
            }
            var topics = new TopicCache();
            page.messages().forEach(message -> found.add(RetainedFrames.publication(message, topics)));
            sink.found(found, page.next().isPresent());
        } catch (StoreException e) {
            log.error("look-up of retained messages for {} failed; the subscriber gets none of the rest", filter, e);
            found.forEach(Publication::release);
            sink.found(List.of(), false);
        }
    }

    private static int reasonCode(PutOutcome outcome) {
        return switch (outcome) {
            case STORED, SUPERSEDED -> SUCCESS;
            case FULL -> QUOTA_EXCEEDED;
            case FAILED -> UNSPECIFIED_ERROR;
        };
    }
}
