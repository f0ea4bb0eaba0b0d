package io.meridianmq.broker.publish;

import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.retained.RetainedVersion;
import io.meridianmq.retained.TopicOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What several nodes answered to one question, merged: of each topic the newest version.
 *
 * <pre>
 *   one node     a  b  c  d |            more to come after d
 *   another      a        d     f  g     no more
 *   merged       a  b  c  d |            f may have a newer version at the first, so the page ends at d
 * </pre>
 *
 * <p>Not safe for use by several threads at once. Holds one share of each publication until {@link #take}.
 */
final class NewestVersions {

    /**
     * The merged page.
     *
     * @param found in topic order, without tombstones and expired messages; one share of each is the receiver's
     * @param more whether later topics match as well
     * @param end if there is more: the topic after which the next page begins
     */
    record Page(List<Publication> found, boolean more, String end) {}

    private final String afterTopic;
    private final TreeMap<String, Publication> newest = new TreeMap<>(TopicOrder::compare);

    /** The smallest last topic of the answers that had more; empty if none had. */
    private String end = "";

    /** @param afterTopic of the question */
    NewestVersions(String afterTopic) {
        this.afterTopic = afterTopic;
    }

    /**
     * Adds a node's answer.
     *
     * @param keep takes the share that is kept, of those publications that are the newest so far
     * @return false if the answer cannot be one to the question: nothing is kept of it then
     */
    boolean add(Answer.RetainedFound answer, UnaryOperator<Publication> keep) {
        if (!isInOrder(answer)) {
            return false;
        }
        for (var candidate : answer.found()) {
            var known = newest.get(candidate.topic());
            if (known == null) {
                newest.put(candidate.topic(), keep.apply(candidate));
            } else if (version(known).compareTo(version(candidate)) < 0) {
                known.release();
                newest.put(candidate.topic(), keep.apply(candidate));
            }
        }
        if (answer.more()) {
            var last = answer.found().getLast().topic();
            end = end.isEmpty() || TopicOrder.compare(last, end) < 0 ? last : end;
        }
        return true;
    }

    /** Whether the answer leads on from where the question began; one that does not would be asked for again for ever. */
    private boolean isInOrder(Answer.RetainedFound answer) {
        var before = afterTopic;
        for (var publication : answer.found()) {
            if (TopicOrder.compare(before, publication.topic()) >= 0) {
                return false;
            }
            before = publication.topic();
        }
        return !answer.more() || !answer.found().isEmpty();
    }

    /** Ends the merge. */
    Page take(int limit, long nowMillis) {
        var found = new ArrayList<Publication>();
        var cut = end;
        for (var publication : newest.values()) {
            var isBehindCut = !cut.isEmpty() && TopicOrder.compare(publication.topic(), cut) > 0;
            if (isBehindCut || isTombstone(publication) || publication.isExpired(nowMillis)) {
                publication.release();
            } else if (found.size() == limit) {
                cut = found.getLast().topic();
                publication.release();
            } else {
                found.add(publication);
            }
        }
        newest.clear();
        return new Page(found, !cut.isEmpty(), cut);
    }

    private static boolean isTombstone(Publication publication) {
        return ((PublishFrame) publication.bytes()).payloadLength() == 0;
    }

    private static RetainedVersion version(Publication publication) {
        return new RetainedVersion(publication.timestamp(), publication.id());
    }
}
