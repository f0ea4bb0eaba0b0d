package io.meridianmq.topic;

import org.jspecify.annotations.Nullable;

/** The subscriptions without wildcards: topic to subscribers. One writer, lock-free readers; see {@link OpenTable}. */
final class LiteralTable<V> {

    /** One topic; it is in the table as long as it has a subscriber. */
    private static final class Literal {
        final String topic;
        final int hash;
        volatile @Nullable Object subscribers;

        Literal(String topic, int hash) {
            this.topic = topic;
            this.hash = hash;
        }
    }

    private final OpenTable<Literal> table = new OpenTable<>(literal -> literal.hash);

    /** Writer. False if the subscriber was there. */
    boolean add(String topic, V value) {
        var hash = fold(TopicHash.ofLiteral(topic));
        var literal = find(topic, hash);
        if (literal == null) {
            var created = new Literal(topic, hash);
            created.subscribers = value;
            table.add(created);
            return true;
        }
        if (ValueSet.find(literal.subscribers, value) != null) {
            return false;
        }
        literal.subscribers = ValueSet.with(literal.subscribers, value);
        return true;
    }

    /** Writer. False if the subscriber was not there. */
    boolean remove(String topic, V value) {
        var literal = find(topic, fold(TopicHash.ofLiteral(topic)));
        if (literal == null) {
            return false;
        }
        var set = literal.subscribers;
        var found = ValueSet.find(set, value);
        if (set == null || found == null) {
            return false;
        }
        var rest = ValueSet.without(set, found);
        literal.subscribers = rest;
        if (rest == null) {
            table.remove(literal);
        }
        return true;
    }

    /** Any thread. */
    boolean contains(String topic) {
        return find(topic, fold(TopicHash.ofLiteral(topic))) != null;
    }

    /** Any thread. The hash is the topic's literal hash. */
    void match(String topic, long literalHash, MatchSink<? super V> sink) {
        var literal = find(topic, fold(literalHash));
        if (literal != null) {
            ValueSet.forEach(literal.subscribers, sink);
        }
    }

    /** Any thread. The hash is the topic's literal hash. */
    boolean matchesAny(String topic, long literalHash) {
        return find(topic, fold(literalHash)) != null;
    }

    /** Writer: how many topics there are. */
    int size() {
        return table.size();
    }

    private @Nullable Literal find(String topic, int hash) {
        var slots = table.slots(hash);
        var mask = slots.length - 1;
        for (var i = hash & mask; ; i = (i + 1) & mask) {
            var element = OpenTable.at(slots, i);
            if (element == null) {
                return null;
            }
            if (element instanceof Literal literal && literal.hash == hash && literal.topic.equals(topic)) {
                return literal;
            }
        }
    }

    private static int fold(long hash) {
        return (int) (hash ^ hash >>> 32);
    }
}
