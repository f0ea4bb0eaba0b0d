package io.meridianmq.topic;

import org.jspecify.annotations.Nullable;

/**
 * The subscriptions with wildcards, by level. One writer, lock-free readers; see {@link OpenTable}.
 *
 * <pre>
 *   a/+/b -> 1      root -- a -- + -- b  here {1}
 *   a/#   -> 2              |
 *   +     -> 3              +-- below {2}
 *                   root -- +  here {3}
 *
 *   topic a/x/b: root, a (gives 2), its child x (none) and its +, then b: gives 1
 * </pre>
 *
 * A node exists as long as a filter ends at or passes through it. A node that was removed is never used again: a filter
 * that comes back gets a new one, so a reader that stands on an old node sees the past and nothing false.
 */
final class WildcardTrie<V> {

    /** How deep a look-up recurses before it keeps its place on the heap: a filter may have 32,768 levels of {@code +}. */
    static final int RECURSION_MAX = 64;

    private static final class Node {
        final @Nullable Node parent;
        final String level;
        final int hash;
        volatile @Nullable Node plus;
        /** Null, the only child, or an {@code OpenTable<Node>}; without the child for {@code +}. */
        volatile @Nullable Object children;
        /** The subscribers of the filter that ends here. */
        volatile @Nullable Object here;
        /** The subscribers of the filter that ends here and has {@code /#} behind. */
        volatile @Nullable Object below;

        Node(@Nullable Node parent, String level, int hash) {
            this.parent = parent;
            this.level = level;
            this.hash = hash;
        }

        boolean isEmpty() {
            return here == null && below == null && plus == null && children == null;
        }

        boolean is(String text, int from, int end, int hash) {
            return this.hash == hash
                    && level.length() == end - from
                    && text.regionMatches(from, level, 0, level.length());
        }
    }

    /** A place to go on from, where the recursion must not go deeper. */
    private record Pending(Node node, int from, @Nullable Pending next) {}

    private static final int HASH_START = 0x2B992DDF;
    private static final int HASH_MULTIPLIER = 0x9E3779B1;

    private final Node root = new Node(null, "", 0);
    private int nodes;

    /** Writer. False if the subscriber was there. */
    boolean add(String filter, V value) {
        var endsBelow = filter.endsWith("#");
        var node = reach(filter, endsBelow);
        var set = endsBelow ? node.below : node.here;
        if (ValueSet.find(set, value) != null) {
            return false;
        }
        hold(node, endsBelow, ValueSet.with(set, value));
        return true;
    }

    /** Writer. False if the subscriber was not there. */
    boolean remove(String filter, V value) {
        var endsBelow = filter.endsWith("#");
        var node = find(filter, endsBelow);
        if (node == null) {
            return false;
        }
        var set = endsBelow ? node.below : node.here;
        var found = ValueSet.find(set, value);
        if (set == null || found == null) {
            return false;
        }
        hold(node, endsBelow, ValueSet.without(set, found));
        prune(node);
        return true;
    }

    /** Any thread. */
    boolean contains(String filter) {
        var endsBelow = filter.endsWith("#");
        var node = find(filter, endsBelow);
        return node != null && (endsBelow ? node.below : node.here) != null;
    }

    /** Any thread. */
    void match(String topic, MatchSink<? super V> sink) {
        look(topic, sink);
    }

    /** Any thread. */
    boolean matchesAny(String topic) {
        return look(topic, null);
    }

    private boolean look(String topic, @Nullable MatchSink<? super V> sink) {
        if (!TopicName.isReserved(topic)) {
            return walk(root, topic, 0, 0, sink);
        }
        // Only a literal first level goes on from the root. [MQTT-4.7.2-1] [MQTT3-4.7.2-1]
        var end = levelEnd(topic, 0, topic.length());
        var child = child(root, topic, 0, end, hash(topic, 0, end));
        return child != null && walk(child, topic, end + 1, 0, sink);
    }

    /** Writer: how many nodes there are beside the root. */
    int nodes() {
        return nodes;
    }

    /**
     * Matches the levels of the topic from a character on, the start of a level or one past the topic's end.
     *
     * @param sink takes what matches; without one, the first match ends the walk
     * @return whether the walk ended at its first match
     */
    private boolean walk(Node start, String topic, int first, int recursion, @Nullable MatchSink<? super V> sink) {
        var node = start;
        var from = first;
        Pending pending = null;
        while (true) {
            if (give(node.below, sink)) {
                return true;
            }
            Node next = null;
            if (from > topic.length()) {
                if (give(node.here, sink)) {
                    return true;
                }
            } else {
                var plus = node.plus;
                var children = node.children;
                if (plus != null || children != null) {
                    var h = HASH_START;
                    var end = from;
                    for (; end < topic.length(); end++) {
                        var c = topic.charAt(end);
                        if (c == '/') {
                            break;
                        }
                        h = (h ^ c) * HASH_MULTIPLIER;
                    }
                    next = children == null ? null : child(children, topic, from, end, ValueSet.mix(h));
                    from = end + 1;
                    if (next == null) {
                        next = plus;
                    } else if (plus != null && recursion >= RECURSION_MAX) {
                        pending = new Pending(plus, from, pending);
                    } else if (plus != null && walk(plus, topic, from, recursion + 1, sink)) {
                        return true;
                    }
                }
            }
            if (next == null) {
                if (pending == null) {
                    return false;
                }
                next = pending.node;
                from = pending.from;
                pending = pending.next;
            }
            node = next;
        }
    }

    /** Gives a set to the sink; without a sink, tells whether there is anything to give. */
    private static boolean give(@Nullable Object set, @Nullable MatchSink<?> sink) {
        if (set == null) {
            return false;
        }
        if (sink == null) {
            return true;
        }
        ValueSet.forEach(set, sink);
        return false;
    }

    private static @Nullable Node child(Node node, String text, int from, int end, int hash) {
        var children = node.children;
        return children == null ? null : child(children, text, from, end, hash);
    }

    private static @Nullable Node child(Object children, String text, int from, int end, int hash) {
        if (children instanceof Node only) {
            return only.is(text, from, end, hash) ? only : null;
        }
        var slots = table(children).slots(hash);
        var mask = slots.length - 1;
        for (var i = hash & mask; ; i = (i + 1) & mask) {
            var element = OpenTable.at(slots, i);
            if (element == null) {
                return null;
            }
            if (element instanceof Node child && child.is(text, from, end, hash)) {
                return child;
            }
        }
    }

    /** Where the levels of a filter end that have nodes: {@code #} at the end has none; -1 if no level has. */
    private static int nodesEnd(String filter, boolean endsBelow) {
        return endsBelow ? filter.length() - 2 : filter.length();
    }

    private @Nullable Node find(String filter, boolean endsBelow) {
        var last = nodesEnd(filter, endsBelow);
        Node node = root;
        for (var from = 0; from <= last && node != null; ) {
            var end = levelEnd(filter, from, last);
            node = isPlus(filter, from, end) ? node.plus : child(node, filter, from, end, hash(filter, from, end));
            from = end + 1;
        }
        return node;
    }

    /** The node of a filter, made with all that leads to it if need be. */
    private Node reach(String filter, boolean endsBelow) {
        var last = nodesEnd(filter, endsBelow);
        var node = root;
        for (var from = 0; from <= last; ) {
            var end = levelEnd(filter, from, last);
            node = isPlus(filter, from, end) ? plus(node) : literal(node, filter, from, end);
            from = end + 1;
        }
        return node;
    }

    private Node plus(Node parent) {
        var existing = parent.plus;
        if (existing != null) {
            return existing;
        }
        var created = new Node(parent, "+", 0);
        parent.plus = created;
        nodes++;
        return created;
    }

    private Node literal(Node parent, String filter, int from, int end) {
        var hash = hash(filter, from, end);
        var existing = child(parent, filter, from, end, hash);
        if (existing != null) {
            return existing;
        }
        var created = new Node(parent, filter.substring(from, end), hash);
        switch (parent.children) {
            case null -> parent.children = created;
            case Node only -> {
                var table = new OpenTable<Node>(node -> node.hash);
                table.add(only);
                table.add(created);
                parent.children = table;
            }
            case Object several -> table(several).add(created);
        }
        nodes++;
        return created;
    }

    /** Takes out the node and those that lead to it, as far as nothing else needs them. */
    private void prune(Node from) {
        var node = from;
        for (var parent = node.parent; parent != null && node.isEmpty(); parent = node.parent) {
            var children = parent.children;
            if (parent.plus == node) {
                parent.plus = null;
            } else if (children == node) {
                parent.children = null;
            } else if (children != null) {
                var table = table(children);
                table.remove(node);
                if (table.size() == 0) {
                    parent.children = null;
                }
            }
            nodes--;
            node = parent;
        }
    }

    private static void hold(Node node, boolean endsBelow, @Nullable Object set) {
        if (endsBelow) {
            node.below = set;
        } else {
            node.here = set;
        }
    }

    private static boolean isPlus(String filter, int from, int end) {
        return end == from + 1 && filter.charAt(from) == '+';
    }

    private static int levelEnd(String text, int from, int last) {
        var separator = text.indexOf('/', from);
        return separator < 0 || separator > last ? last : separator;
    }

    /** Must agree with the loop in {@link #walk}, which finds the end of the level at the same time. */
    private static int hash(String text, int from, int end) {
        var h = HASH_START;
        for (var i = from; i < end; i++) {
            h = (h ^ text.charAt(i)) * HASH_MULTIPLIER;
        }
        return ValueSet.mix(h);
    }

    @SuppressWarnings("unchecked") // The field holds a Node or a table of nodes.
    private static OpenTable<Node> table(Object children) {
        return (OpenTable<Node>) children;
    }
}
