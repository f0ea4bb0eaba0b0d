package io.meridianmq.fabric.config;

import io.meridianmq.fabric.config.Tree.Entry;
import io.meridianmq.fabric.config.Tree.Items;
import io.meridianmq.fabric.config.Tree.Keys;
import io.meridianmq.fabric.config.Tree.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads one YAML document into a {@link Tree}. What YAML allows and configuration does not need is refused here: anchors
 * and aliases, tags, keys that are not texts, duplicate keys, several documents.
 */
final class YamlFile {

    private static final String STANDARD_TAGS = "tag:yaml.org,2002:";
    private static final int NESTING_MAX = 32;

    private final String file;
    private final Problems problems;

    YamlFile(String file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    /**
     * The document's top section; an empty one if the text is empty.
     *
     * @throws ConfigException if the text is not YAML: nothing after the error can be read
     */
    Keys read(String yaml) {
        try {
            var settings = LoadSettings.builder().setLabel(file).build();
            var top = new Compose(settings).composeString(yaml);
            if (top.isEmpty()) {
                return new Keys(Map.of(), new Origin.WholeFile(file));
            }
            return switch (tree(top.get(), 0)) {
                case Keys keys -> keys;
                case Text text when text.isNothing() -> new Keys(Map.of(), text.origin());
                case Text text -> notASection(text);
                case Items items -> notASection(items);
            };
        } catch (MarkedYamlEngineException e) {
            var where = e.getProblemMark()
                    .or(e::getContextMark)
                    .<Origin>map(mark -> new Origin.InFile(file, mark.getLine() + 1, mark.getColumn() + 1))
                    .orElse(new Origin.WholeFile(file));
            throw new ConfigException(List.of(where + ": not valid YAML: " + explained(e.getProblem())));
        } catch (YamlEngineException e) {
            throw new ConfigException(List.of(file + ": not valid YAML: " + e.getMessage()));
        }
    }

    private Keys notASection(Tree tree) {
        problems.add(tree.origin(), "expected keys such as \"link:\" at the top of the file, found " + tree.shape());
        return new Keys(Map.of(), tree.origin());
    }

    private static String explained(String problem) {
        return problem.contains("\\t") ? problem + " (a tab: indent with spaces)" : problem;
    }

    private Tree tree(Node node, int depth) {
        var origin = origin(node);
        if (depth > NESTING_MAX) {
            throw new ConfigException(List.of(origin + ": nested deeper than " + NESTING_MAX + " levels"));
        }
        if (node.getAnchor().isPresent()) {
            // Also keeps what follows finite: without anchors there are no aliases, so no cycles and no blow-up.
            throw new ConfigException(
                    List.of(origin + ": YAML anchors and aliases are not supported: write the value out"));
        }
        if (!node.getTag().getValue().startsWith(STANDARD_TAGS)) {
            problems.add(origin, "YAML tag " + node.getTag().getValue() + " is not supported: remove it");
        }
        return switch (node) {
            case ScalarNode scalar -> new Text(scalar.getValue(), scalar.isPlain(), origin);
            case SequenceNode sequence ->
                new Items(
                        sequence.getValue().stream()
                                .map(item -> tree(item, depth + 1))
                                .toList(),
                        origin);
            case MappingNode mapping -> new Keys(entries(mapping, depth), origin);
            default -> throw new AssertionError("unknown YAML node " + node.getNodeType());
        };
    }

    private Map<String, Entry> entries(MappingNode mapping, int depth) {
        var entries = new LinkedHashMap<String, Entry>();
        for (NodeTuple tuple : mapping.getValue()) {
            var keyOrigin = origin(tuple.getKeyNode());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.add(keyOrigin, "a key must be a plain word");
                continue;
            }
            var entry = new Entry(keyOrigin, tree(tuple.getValueNode(), depth + 1));
            var earlier = entries.putIfAbsent(key.getValue(), entry);
            if (earlier != null) {
                problems.add(
                        keyOrigin,
                        "duplicate key \"" + key.getValue() + "\", first given at " + earlier.keyOrigin()
                                + ": keep one");
            }
        }
        return entries;
    }

    private Origin origin(Node node) {
        return node.getStartMark()
                .<Origin>map(mark -> new Origin.InFile(file, mark.getLine() + 1, mark.getColumn() + 1))
                .orElse(new Origin.WholeFile(file));
    }
}
