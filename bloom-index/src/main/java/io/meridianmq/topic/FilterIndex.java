package io.meridianmq.topic;

/** Filters to values: a table for those without wildcards, a trie for the rest. One writer, lock-free readers. */
final class FilterIndex<V> {

    private final LiteralTable<V> literals = new LiteralTable<>();
    private final WildcardTrie<V> wildcards = new WildcardTrie<>();

    /** Writer. False if the value was there. */
    boolean add(TopicFilter filter, V value) {
        return isLiteral(filter) ? literals.add(filter.filter(), value) : wildcards.add(filter.filter(), value);
    }

    /** Writer. False if the value was not there. */
    boolean remove(TopicFilter filter, V value) {
        return isLiteral(filter) ? literals.remove(filter.filter(), value) : wildcards.remove(filter.filter(), value);
    }

    /** Any thread. */
    boolean contains(TopicFilter filter) {
        return isLiteral(filter) ? literals.contains(filter.filter()) : wildcards.contains(filter.filter());
    }

    /** Any thread. The hash is the topic's literal hash. */
    void match(String topic, long literalHash, MatchSink<? super V> sink) {
        literals.match(topic, literalHash, sink);
        wildcards.match(topic, sink);
    }

    /** Any thread. */
    boolean matchesAny(TopicHashes topic) {
        return literals.matchesAny(topic.topic(), topic.literalHash()) || wildcards.matchesAny(topic.topic());
    }

    /** Writer: how many topics and trie nodes are kept. */
    int entries() {
        return literals.size() + wildcards.nodes();
    }

    private static boolean isLiteral(TopicFilter filter) {
        return filter.shape() == TopicFilter.Shape.LITERAL;
    }
}
