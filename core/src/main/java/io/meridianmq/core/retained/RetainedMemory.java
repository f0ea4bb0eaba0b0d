package io.meridianmq.core.retained;

import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.slot.SlotHash;
import io.meridianmq.topic.TopicFilter;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Retained messages in memory, answered during the call: the disk of a simulated node. Tombstones are kept for ever.
 *
 * <p>Holds a share of what it keeps.
 */
public final class RetainedMemory implements RetainedStore {

    private final Predicate<Publication> isClear;
    private final TreeMap<String, Publication> values = new TreeMap<>(TopicOrder::compare);

    /** @param isClear whether a publication clears its topic */
    public RetainedMemory(Predicate<Publication> isClear) {
        this.isClear = isClear;
    }

    /** The value of a topic, a clear included; borrowed. */
    public Optional<Publication> get(String topic) {
        return Optional.ofNullable(values.get(topic));
    }

    /** How many topics it has a value of. */
    public int size() {
        return values.size();
    }

    /** Lets go of everything. */
    public void clear() {
        values.values().forEach(Publication::release);
        values.clear();
    }

    @Override
    public void keep(Publication publication, Consumer<Kept> onKept) {
        var known = values.get(publication.topic());
        if (known != null && RetainedVersion.of(known).compareTo(RetainedVersion.of(publication)) >= 0) {
            onKept.accept(Kept.SUPERSEDED);
            return;
        }
        values.put(publication.topic(), publication.shareForLong());
        if (known != null) {
            known.release();
        }
        onKept.accept(Kept.STORED);
    }

    @Override
    public void find(Question.RetainedLookup lookup, Predicate<String> answers, Consumer<Answer> onAnswer) {
        var filter = TopicFilter.of(lookup.filter());
        var found = new ArrayList<Publication>();
        var more = false;
        for (var publication : values.tailMap(lookup.afterTopic(), false).values()) {
            if (filter.matches(publication.topic()) && answers.test(publication.topic())) {
                more = found.size() == lookup.limit();
                if (more) {
                    break;
                }
                found.add(publication);
            }
        }
        found.forEach(Publication::share);
        onAnswer.accept(new Answer.RetainedFound(found, more, 0));
        found.forEach(Publication::release);
    }

    @Override
    public void read(int slot, String afterTopic, Consumer<Optional<SlotPage>> onPage) {
        var found = values.tailMap(afterTopic, false).values().stream()
                .filter(publication -> SlotHash.ofTopic(publication.topic()) == slot)
                .map(Publication::share)
                .toList();
        onPage.accept(Optional.of(new SlotPage(found, false)));
        found.forEach(Publication::release);
    }

    @Override
    public void sum(int slot, Predicate<String> counts, Consumer<OptionalLong> onSum) {
        onSum.accept(OptionalLong.of(values.values().stream()
                .filter(publication -> SlotHash.ofTopic(publication.topic()) == slot)
                .filter(publication -> counts.test(publication.topic()))
                .mapToLong(publication -> RetainedStore.checksum(publication.topic(), RetainedVersion.of(publication)))
                .sum()));
    }

    @Override
    public void forget(String topic, RetainedVersion version) {
        var known = values.get(topic);
        if (known != null && RetainedVersion.of(known).compareTo(version) <= 0) {
            values.remove(topic);
            known.release();
        }
    }

    @Override
    public boolean isShown(Publication publication) {
        return !isClear.test(publication);
    }
}
