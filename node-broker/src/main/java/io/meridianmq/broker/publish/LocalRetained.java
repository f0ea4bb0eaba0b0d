package io.meridianmq.broker.publish;

import io.meridianmq.broker.codec.ProtocolException;
import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.codec.TopicCache;
import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.PublishMessage;
import io.meridianmq.broker.packet.PublishProperties;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.retained.RetainedBytes;
import io.meridianmq.retained.RetainedEntry;
import io.meridianmq.retained.RetainedMessage;
import io.meridianmq.retained.RetainedTombstone;
import io.meridianmq.retained.RetainedVersion;
import io.meridianmq.retained.store.StoreException;
import io.meridianmq.retained.warm.PutOutcome;
import io.meridianmq.retained.warm.WarmTier;
import io.meridianmq.topic.TopicFilter;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The retained messages on this node's disk, each as its canonical PUBLISH frame. Any thread. */
public final class LocalRetained implements RetainedMessages {

    private static final Logger log = LoggerFactory.getLogger(LocalRetained.class);

    /** Look-ups that read from the disk at once; each session has at most one more waiting. */
    private static final int READERS_MAX = 16;

    /** Look-ups of other nodes at once; one more is refused, and asked again by who asked. */
    static final int PEER_READERS_MAX = 16;

    /** Most messages in one answer to a node; see {@link Question.RetainedLookup}. */
    static final int LIMIT_MAX = 1_000;

    /** Size of an answer to a node, in bytes; a message that is larger is an answer of its own. */
    static final int ANSWER_BYTES_MAX = 256 << 10;

    /** What comes to an entry's bytes, about: identity, stamp, topic. */
    private static final int ENTRY_BYTES = 100;

    private static final int SUCCESS = 0x00;
    private static final int UNSPECIFIED_ERROR = 0x80;
    private static final int QUOTA_EXCEEDED = 0x97;

    private final WarmTier warm;
    private final Executor blocking;
    private final Semaphore readers = new Semaphore(READERS_MAX);
    private final Semaphore peerReaders = new Semaphore(PEER_READERS_MAX);

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
        try {
            var page = warm.scan(filter, after(afterTopic), limit);
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

    /**
     * Answers another node of the zone: what was published here, tombstones included.
     *
     * @param respond gets the answer once, on any thread, possibly during this call; publications in it are borrowed for
     *     the call
     */
    public void answer(Question.RetainedLookup question, Consumer<Answer> respond) {
        if (!peerReaders.tryAcquire()) {
            respond.accept(new Answer.Refused("busy"));
            return;
        }
        blocking.execute(() -> {
            try {
                readVersions(question, respond);
            } finally {
                peerReaders.release();
            }
        });
    }

    /** Answers this node itself as {@link #answer} does others, but waits for its turn. */
    void lookUpVersions(Question.RetainedLookup question, Consumer<Answer> respond) {
        blocking.execute(() -> {
            readers.acquireUninterruptibly();
            try {
                readVersions(question, respond);
            } finally {
                readers.release();
            }
        });
    }

    private void readVersions(Question.RetainedLookup question, Consumer<Answer> respond) {
        var found = new ArrayList<Publication>();
        respond.accept(versions(question, found));
        found.forEach(Publication::release);
    }

    /** @param found gets the publications of the answer, also if it then fails */
    private Answer versions(Question.RetainedLookup question, List<Publication> found) {
        try {
            var filter = TopicFilter.of(question.filter());
            var limit = Math.min(question.limit(), LIMIT_MAX);
            var page = warm.scanVersions(filter, after(question.afterTopic()), limit);
            while (page.entries().isEmpty() && page.next().isPresent()) {
                page = warm.scanVersions(filter, page.next(), limit);
            }
            var isCut = fill(found, page.entries());
            return new Answer.RetainedFound(found, isCut || page.next().isPresent());
        } catch (StoreException | ProtocolException e) {
            log.error("look-up of retained messages for {} failed; subscribers get none of this node's", question, e);
            return new Answer.Refused("the store of retained messages failed; its node's log says why");
        } catch (IllegalArgumentException e) {
            return new Answer.Refused("not a look-up of retained messages: " + e.getMessage());
        }
    }

    /** Whether entries are left over, since an answer has to fit into a frame. */
    private static boolean fill(List<Publication> found, List<RetainedEntry> entries) {
        var topics = new TopicCache();
        var bytes = 0L;
        for (var entry : entries) {
            bytes += ENTRY_BYTES + sizeBytes(entry);
            if (bytes > ANSWER_BYTES_MAX && !found.isEmpty()) {
                return true;
            }
            found.add(publication(entry, topics));
        }
        return false;
    }

    private static int sizeBytes(RetainedEntry entry) {
        return switch (entry) {
            case RetainedMessage message -> message.bytes().sizeBytes();
            case RetainedTombstone tombstone -> tombstone.topic().length();
        };
    }

    private static Optional<String> after(String topic) {
        return topic.isEmpty() ? Optional.empty() : Optional.of(topic);
    }

    private static Publication publication(RetainedEntry entry, TopicCache topics) {
        return switch (entry) {
            case RetainedMessage message -> publication(message, topics);
            case RetainedTombstone(var topic, var version) ->
                new Publication(
                        version.id(),
                        version.timestamp(),
                        0,
                        topic,
                        Qos.AT_MOST_ONCE,
                        true,
                        Publication.NEVER,
                        PublishFrame.of(nothing(topic), ByteBufAllocator.DEFAULT));
        };
    }

    private static PublishMessage nothing(String topic) {
        return new PublishMessage(topic, BinaryData.EMPTY, Qos.AT_MOST_ONCE, true, PublishProperties.NONE);
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
