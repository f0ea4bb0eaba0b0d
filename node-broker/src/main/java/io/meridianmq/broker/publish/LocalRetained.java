package io.meridianmq.broker.publish;

import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.codec.TopicCache;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.retained.RetainedBytes;
import io.meridianmq.retained.RetainedMessage;
import io.meridianmq.retained.RetainedVersion;
import io.meridianmq.retained.store.StoreException;
import io.meridianmq.retained.warm.PutOutcome;
import io.meridianmq.retained.warm.WarmTier;
import io.meridianmq.topic.TopicFilter;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The retained messages on this node's disk, each as its canonical PUBLISH frame. */
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
        var frame = (PublishFrame) publication.bytes();
        var isTaken = frame.payloadLength() == 0
                ? warm.clear(
                        publication.topic(),
                        new RetainedVersion(publication.timestamp(), publication.id()),
                        outcome -> onStored.accept(reasonCode(outcome)))
                : warm.put(message(publication, frame), outcome -> onStored.accept(reasonCode(outcome)));
        if (!isTaken) { // Too much is waiting for the disk already.
            onStored.accept(QUOTA_EXCEEDED);
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
        var after = afterTopic.isEmpty() ? Optional.<String>empty() : Optional.of(afterTopic);
        try {
            var page = warm.scan(filter, after, limit);
            while (page.messages().isEmpty() && page.next().isPresent()) {
                page = warm.scan(filter, page.next(), limit);
            }
            var topics = new TopicCache();
            page.messages().forEach(message -> found.add(publication(message, topics)));
            sink.found(found, page.next().isPresent());
        } catch (StoreException e) {
            log.error("look-up of retained messages for {} failed; the subscriber gets none of the rest", filter, e);
            found.forEach(Publication::release);
            sink.found(List.of(), false);
        }
    }

    private static RetainedMessage message(Publication publication, PublishFrame frame) {
        var bytes = new byte[frame.canonicalSize()];
        frame.writeCanonical(Unpooled.wrappedBuffer(bytes).clear());
        return new RetainedMessage(
                publication.topic(),
                publication.timestamp(),
                publication.publisherHash(),
                publication.id(),
                publication.qos(),
                publication.expiresAtMillis(),
                RetainedBytes.wrap(bytes, 0));
    }

    private static Publication publication(RetainedMessage message, TopicCache topics) {
        var frame =
                PublishFrame.ofCanonical(Unpooled.wrappedBuffer(message.bytes().asByteBuffer()), topics);
        return new Publication(
                message.id(),
                message.timestamp(),
                message.publisherHash(),
                message.topic(),
                message.qos(),
                true,
                message.expiresAtMillis(),
                frame);
    }

    private static int reasonCode(PutOutcome outcome) {
        return switch (outcome) {
            case STORED, SUPERSEDED -> SUCCESS;
            case FULL -> QUOTA_EXCEEDED;
            case FAILED -> UNSPECIFIED_ERROR;
        };
    }
}
