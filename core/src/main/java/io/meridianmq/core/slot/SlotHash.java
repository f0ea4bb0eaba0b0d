package io.meridianmq.core.slot;

import io.meridianmq.core.link.LaneKey;
import io.meridianmq.core.publication.PublisherHash;
import io.meridianmq.topic.TopicHash;

/**
 * Which slot a client identifier or a topic belongs to: the same on every machine, for ever, since what is stored is found
 * by it. Any thread; nothing is allocated.
 */
public final class SlotHash {

    /** Slots of a zone. */
    public static final int COUNT = LaneKey.SLOTS;

    private static final int BITS = Integer.numberOfTrailingZeros(COUNT);

    private SlotHash() {}

    /** The slot of a client identifier, in 0..4095. */
    public static int ofClient(String clientId) {
        return ofPublisher(PublisherHash.of(clientId));
    }

    /**
     * The slot of the client whose identifier has this hash, in 0..4095: the same as by its identifier.
     *
     * @param publisherHash as in {@link io.meridianmq.core.publication.Publication#publisherHash}
     */
    public static int ofPublisher(long publisherHash) {
        return ofKey(publisherHash);
    }

    /** The slot of a topic name, in 0..4095. */
    public static int ofTopic(String topic) {
        return ofKey(TopicHash.ofLiteral(topic));
    }

    private static int ofKey(long key) {
        return (int) (key >>> (Long.SIZE - BITS));
    }
}
