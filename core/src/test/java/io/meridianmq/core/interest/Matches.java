package io.meridianmq.core.interest;

import io.meridianmq.core.place.Place;
import io.meridianmq.topic.TopicFilter;
import io.meridianmq.topic.TopicHashes;
import java.util.Set;
import java.util.TreeSet;

/** What a look-up gives, as places and as text. */
final class Matches implements InterestMatches {

    private final InterestReader reader;
    private final TopicHashes hashes = new TopicHashes();
    private final Set<Place> places = new TreeSet<>();
    private final Set<String> reasons = new TreeSet<>();

    Matches(InterestTable table) {
        this.reader = new InterestReader(table, this);
    }

    /** The places that want a topic. The set is used again by the next call. */
    Set<Place> places(String topic) {
        look(topic);
        return places;
    }

    /** Lines of place and reason. */
    Set<String> reasons(String topic) {
        look(topic);
        return reasons;
    }

    Set<String> groups(String topic) {
        places.clear();
        reasons.clear();
        reader.matchGroups(hashes.of(topic));
        return reasons;
    }

    private void look(String topic) {
        places.clear();
        reasons.clear();
        reader.match(hashes.of(topic));
    }

    @Override
    public void literal(Holder holder) {
        places.add(holder.place());
        reasons.add(holder.place() + " literal");
    }

    @Override
    public void prefix(Holder holder, TopicFilter.Shape shape, int levels) {
        places.add(holder.place());
        reasons.add(holder.place() + " " + shape + " " + levels);
    }

    @Override
    public void wildcard(Holder holder, TopicFilter filter) {
        places.add(holder.place());
        reasons.add(holder.place() + " " + filter);
    }

    @Override
    public void group(String group, TopicFilter filter, Holder holder, boolean online) {
        reasons.add(holder.place() + " " + group + " " + filter + (online ? " online" : " offline"));
    }
}
