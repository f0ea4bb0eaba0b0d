package io.meridianmq.core.retained;

import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.route.Landing;
import io.meridianmq.topic.TopicHash;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The retained messages that one node keeps, of each topic the newest version it was given; a clear is kept as a tombstone
 * for as long as an older message may still be under way somewhere.
 *
 * <p>Called by the thread that drives the node, and calls back on that thread, possibly during the call. What is asked sees
 * everything that was given before. Predicates are called on any thread. A publication that is handed over is borrowed for
 * the call.
 */
public interface RetainedStore {

    /** Size of one page of a look-up or of a slot, in bytes; a message that is larger is a page of its own. */
    int PAGE_BYTES_MAX = 256 << 10;

    /** Most publications of one page of a look-up. */
    int LIMIT_MAX = 1_000;

    /** What became of a publication. */
    enum Kept {
        /** It is on disk, as its topic's value. */
        STORED,
        /** The topic has this version already, or a newer one. */
        SUPERSEDED,
        /** There is no room on the disk, or too much is waiting for it. */
        FULL,
        /** The disk failed. */
        FAILED
    }

    /**
     * Some of the publications of a slot.
     *
     * @param found in topic order, clears included; borrowed for the call
     * @param more whether there are later topics
     */
    record SlotPage(List<Publication> found, boolean more) {
        public SlotPage {
            found = List.copyOf(found);
        }
    }

    /** Makes a publication its topic's value, unless the topic has had a newer one. */
    void keep(Publication publication, Consumer<Kept> onKept);

    /**
     * Answers a look-up.
     *
     * @param answers which topics the answer is to have, of those that match
     * @param onAnswer gets {@link Answer.RetainedFound}, clears included, or {@link Answer.Refused}
     */
    void find(Question.RetainedLookup lookup, Predicate<String> answers, Consumer<Answer> onAnswer);

    /**
     * Reads a slot, page by page.
     *
     * @param slot 0..4095
     * @param afterTopic only topics after this one in topic order; empty from the start
     * @param onPage gets nothing if the disk failed
     */
    void read(int slot, String afterTopic, Consumer<Optional<SlotPage>> onPage);

    /**
     * Adds up {@link #checksum} over the topics of a slot. Tombstones of some age do not count, since some nodes have
     * forgotten them.
     *
     * @param counts which topics
     * @param onSum gets nothing if the disk failed
     */
    void sum(int slot, Predicate<String> counts, Consumer<OptionalLong> onSum);

    /** Forgets a topic's value without a trace, if it is this version or an older one: somebody else has this one. */
    void forget(String topic, RetainedVersion version);

    /** Whether a subscriber gets a publication, of this store or from a link: it clears nothing and has not expired. */
    boolean isShown(Publication publication);

    /** The share of one topic's value in the sum of its slot. */
    static long checksum(String topic, RetainedVersion version) {
        var hash = Landing.mix(TopicHash.ofLiteral(topic) ^ version.timestamp());
        return Landing.mix(hash ^ version.id().origin() ^ version.id().number());
    }

    /** About what a publication takes in a page. */
    static int sizeBytes(Publication publication) {
        return 100 + publication.topic().length() + publication.bytes().sizeBytes();
    }
}
