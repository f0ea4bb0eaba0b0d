package io.meridianmq.core.retained;

import io.meridianmq.core.link.Answer;
import io.meridianmq.core.publication.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What several places answered to one question, merged: of each topic the newest version.
 *
 * <pre>
 *   one place    a  b  c  d |            more to come after d
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
     * @param found in topic order; one share of each is the receiver's
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
     * Adds an answer.
     *
     * @param keep takes the share that is kept, of those publications that are the newest so far
     * @return false if the answer cannot be one to the question: nothing is kept of it then
     */
    boolean add(Answer.RetainedFound answer, UnaryOperator<Publication> keep) {
        if (!isInOrder(answer)) {
            return false;
        }
        answer.found().forEach(candidate -> add(candidate, keep));
        if (answer.more()) {
            var last = answer.found().getLast().topic();
            end = end.isEmpty() || TopicOrder.compare(last, end) < 0 ? last : end;
        }
        return true;
    }

    /** Adds one publication that matches, wherever it is in the order. */
    void add(Publication candidate, UnaryOperator<Publication> keep) {
        if (TopicOrder.compare(afterTopic, candidate.topic()) >= 0) {
            return;
        }
        var known = newest.get(candidate.topic());
        if (known == null) {
            newest.put(candidate.topic(), keep.apply(candidate));
        } else if (RetainedVersion.of(known).compareTo(RetainedVersion.of(candidate)) < 0) {
            known.release();
            newest.put(candidate.topic(), keep.apply(candidate));
        }
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

    /**
     * Ends the merge.
     *
     * @param limit most publications of the page
     * @param bytesMax size beyond which the page ends; its first publication is taken whatever its size
     * @param shown which publications the page is to have; the others only hide older ones
     */
    Page take(int limit, long bytesMax, Predicate<Publication> shown) {
        var found = new ArrayList<Publication>();
        var bytes = 0L;
        var cut = end;
        for (var publication : newest.values()) {
            var isBehindCut = !cut.isEmpty() && TopicOrder.compare(publication.topic(), cut) > 0;
            if (isBehindCut || !shown.test(publication)) {
                publication.release();
                continue;
            }
            bytes += RetainedStore.sizeBytes(publication);
            if (found.size() == limit || (bytes > bytesMax && !found.isEmpty())) {
                cut = found.getLast().topic();
                publication.release();
            } else {
                found.add(publication);
            }
        }
        newest.clear();
        return new Page(found, !cut.isEmpty(), cut);
    }
}
