package io.meridianmq.digest;

import io.meridianmq.topic.TopicFilter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A set of filters that knows which of them match everything another filter matches, and the other way round.
 *
 * <p>Covering is decided level by level: {@code #} covers any rest, {@code +} any one level, a literal itself; a wildcard
 * at the first level does not cover a level that begins with {@code $}. [MQTT-4.7.2-1] That finds every case but {@code
 * +/#}, which matches what {@code #} does: such a filter is kept beside the other, which costs an entry. One thread.
 */
final class CoverTrie {

    private static final class Node {
        final @Nullable Node parent;
        final String level;
        final Map<String, Node> children = new HashMap<>(2);

        @Nullable
        TopicFilter here;

        @Nullable
        TopicFilter below;

        Node(@Nullable Node parent, String level) {
            this.parent = parent;
            this.level = level;
        }
    }

    private record Visit(Node node, int level) {}

    private final Node root = new Node(null, "");
    private final Set<TopicFilter> filters = new HashSet<>();

    boolean contains(TopicFilter filter) {
        return filters.contains(filter);
    }

    int size() {
        return filters.size();
    }

    /** False if it was there. */
    boolean add(TopicFilter filter) {
        if (!filters.add(filter)) {
            return false;
        }
        var node = root;
        for (var level : levels(filter)) {
            if (level.equals("#")) {
                node.below = filter;
                return true;
            }
            var parent = node;
            node = node.children.computeIfAbsent(level, name -> new Node(parent, name));
        }
        node.here = filter;
        return true;
    }

    /** False if it was not there. */
    boolean remove(TopicFilter filter) {
        if (!filters.remove(filter)) {
            return false;
        }
        var node = root;
        for (var level : levels(filter)) {
            var child = level.equals("#") ? null : node.children.get(level);
            if (child == null) {
                break;
            }
            node = child;
        }
        if (filter.filter().endsWith("#")) {
            node.below = null;
        } else {
            node.here = null;
        }
        prune(node);
        return true;
    }

    private static void prune(Node from) {
        var node = from;
        for (var parent = node.parent; parent != null; parent = node.parent) {
            if (node.here != null || node.below != null || !node.children.isEmpty()) {
                return;
            }
            parent.children.remove(node.level);
            node = parent;
        }
    }

    /** Whether a filter of this set matches everything the given one matches; true also if it is in the set. */
    boolean covers(TopicFilter filter) {
        var levels = levels(filter);
        var visits = new ArrayDeque<Visit>();
        visits.push(new Visit(root, 0));
        while (!visits.isEmpty()) {
            var visit = visits.pop();
            var node = visit.node;
            var at = visit.level;
            var wildcardsCount = at > 0 || !levels[0].startsWith("$");
            if (node.below != null && wildcardsCount) {
                return true;
            }
            if (at == levels.length) {
                if (node.here != null) {
                    return true;
                }
                continue;
            }
            if (levels[at].equals("#")) {
                continue;
            }
            if (wildcardsCount) {
                visit(node.children.get("+"), at + 1, visits);
            }
            if (!levels[at].equals("+")) {
                visit(node.children.get(levels[at]), at + 1, visits);
            }
        }
        return false;
    }

    /** The filters of this set that the given one covers, itself included. */
    List<TopicFilter> coveredBy(TopicFilter filter) {
        var levels = levels(filter);
        var found = new ArrayList<TopicFilter>();
        var visits = new ArrayDeque<Visit>();
        visits.push(new Visit(root, 0));
        while (!visits.isEmpty()) {
            var visit = visits.pop();
            var node = visit.node;
            var at = visit.level;
            if (at == levels.length) {
                addIfPresent(node.here, found);
            } else if (levels[at].equals("#")) {
                addIfPresent(node.here, found);
                addIfPresent(node.below, found);
                // Each child is visited at the same # again.
                node.children.values().forEach(child -> visitUnlessReserved(child, at, at, visits));
            } else if (levels[at].equals("+")) {
                node.children.values().forEach(child -> visitUnlessReserved(child, at, at + 1, visits));
            } else {
                visit(node.children.get(levels[at]), at + 1, visits);
            }
        }
        return found;
    }

    private void visitUnlessReserved(Node child, int wildcardAt, int next, ArrayDeque<Visit> visits) {
        if (wildcardAt > 0 || child.parent != root || !child.level.startsWith("$")) {
            visits.push(new Visit(child, next));
        }
    }

    private static void visit(@Nullable Node node, int level, ArrayDeque<Visit> visits) {
        if (node != null) {
            visits.push(new Visit(node, level));
        }
    }

    private static void addIfPresent(@Nullable TopicFilter filter, List<TopicFilter> found) {
        if (filter != null) {
            found.add(filter);
        }
    }

    private static String[] levels(TopicFilter filter) {
        return filter.filter().split("/", -1);
    }
}
