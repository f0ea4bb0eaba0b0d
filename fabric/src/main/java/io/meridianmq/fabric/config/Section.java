package io.meridianmq.fabric.config;

import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.config.Tree.Items;
import io.meridianmq.fabric.config.Tree.Keys;
import io.meridianmq.fabric.config.Tree.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Typed reading of one section's keys. Each reader makes its key known; a key that no reader asked for is reported by
 * {@link ConfigSource#finish}. Readers with a default take a missing key as that default; readers without one report it.
 * All ranges are inclusive. For one thread.
 */
public final class Section {

    private static final int LIST_ITEMS_MAX = 1_000;

    private final ConfigSource source;
    private final String path;
    private final Keys keys;
    private final TreeMap<String, List<Section>> known = new TreeMap<>();

    Section(ConfigSource source, String path, Keys keys) {
        this.source = source;
        this.path = path;
        this.keys = keys;
    }

    /** Where this section is: {@code link}, {@code listeners[0]}; empty for the top of the file. */
    public String path() {
        return path;
    }

    public String string(String key) {
        return required(key, "", Kind.TEXT);
    }

    public String string(String key, String fallback) {
        return optional(key, fallback, Kind.TEXT);
    }

    /** A text that {@link ConfigSource#describe} does not show, such as a password; may be absent, then empty. */
    public String secret(String key) {
        return optional(key, "", Kind.SECRET);
    }

    public int integer(String key, int min, int max) {
        return required(key, min, Kind.between(min, max, Kind.WHOLE_NUMBER));
    }

    public int integer(String key, int fallback, int min, int max) {
        return optional(key, fallback, Kind.between(min, max, Kind.WHOLE_NUMBER));
    }

    /** A number with an optional fraction, for rates and shares. */
    public double number(String key, double fallback, double min, double max) {
        return optional(key, fallback, Kind.between(min, max, Kind.NUMBER));
    }

    /** A size such as {@code 64KB}, in bytes; units are powers of 1,024. */
    public long bytes(String key, long fallback, long min, long max) {
        return optional(key, fallback, Kind.between(min, max, Kind.BYTES));
    }

    /** A duration such as {@code 10ms} or {@code 5s}. */
    public Duration duration(String key, Duration fallback, Duration min, Duration max) {
        return optional(key, fallback, Kind.between(min, max, Kind.DURATION));
    }

    /** A duration, or {@code never}, which is also the default and read as empty. */
    public Optional<Duration> durationOrNever(String key) {
        return optional(key, Optional.empty(), Kind.DURATION_OR_NEVER);
    }

    /** A value of any kind. */
    public <T> T value(String key, T fallback, Kind<T> kind) {
        return optional(key, fallback, kind);
    }

    public boolean bool(String key, boolean fallback) {
        return optional(key, fallback, Kind.BOOLEAN);
    }

    public HostPort hostPort(String key) {
        return required(key, new HostPort("localhost", 0), Kind.ADDRESS);
    }

    public HostPort hostPort(String key, HostPort fallback) {
        return optional(key, fallback, Kind.ADDRESS);
    }

    public Place place(String key) {
        return required(key, Place.GLOBAL, Kind.PLACE);
    }

    public Place place(String key, Place fallback) {
        return optional(key, fallback, Kind.PLACE);
    }

    /** One of an enum's constants, written in lower case with hyphens: {@code HASH_BY_KEY} is {@code hash-by-key}. */
    public <E extends Enum<E>> E choice(String key, E fallback) {
        return optional(key, fallback, Kind.oneOf(fallback.getDeclaringClass()));
    }

    /** A list of texts, at most 1,000; in the environment separated by commas. */
    public List<String> strings(String key, List<String> fallback) {
        return switch (raw(key)) {
            case Given given -> effective(key, split(given.text()), given.origin());
            case Several several ->
                effective(key, texts(key, several.items()), several.items().origin());
            case Absent _ -> effective(key, fallback, new Origin.ByDefault());
            case Broken broken -> report(key, broken, "a list", fallback);
        };
    }

    /** Whether the key is given in the file or the environment. Makes a key of single values known, like a reader. */
    public boolean has(String key) {
        return !(raw(key) instanceof Absent);
    }

    /** The section below a key; an empty one if the key is missing. */
    public Section section(String key) {
        var sections = known.computeIfAbsent(key, _ -> new ArrayList<>());
        if (sections.isEmpty()) {
            sections.add(new Section(source, pathOf(key), keysBelow(key)));
        }
        return sections.getFirst();
    }

    /**
     * The sections of a list, at most 1,000. The environment can override keys of each, and append to the list by setting
     * keys of the next index.
     */
    public List<Section> sections(String key) {
        var sections = known.computeIfAbsent(key, _ -> new ArrayList<>());
        if (sections.isEmpty()) {
            for (var item : itemsOf(key)) {
                sections.add(new Section(source, pathOf(key) + "[" + sections.size() + "]", keysOf(item, key)));
            }
            while (source.hasVariableBelow(pathOf(key) + "[" + sections.size() + "]")
                    && sections.size() < LIST_ITEMS_MAX) {
                var next = pathOf(key) + "[" + sections.size() + "]";
                sections.add(new Section(source, next, new Keys(Map.of(), new Origin.WholeFile(next))));
            }
        }
        return List.copyOf(sections);
    }

    /** The sections of a mapping whose keys are names, such as users or regions, in the file's order. */
    public Map<String, Section> named(String key) {
        var section = section(key);
        var byName = new LinkedHashMap<String, Section>();
        section.keys.entries().keySet().forEach(name -> byName.put(name, section.section(name)));
        return byName;
    }

    /** Notes a problem that only the reader of several keys can see. The message says what is wrong and the fix. */
    public void problem(String key, String message) {
        var entry = keys.entries().get(key);
        var variable = source.claimVariable(pathOf(key));
        var origin = source.variable(variable)
                .<Origin>map(_ -> new Origin.InEnvironment(variable))
                .orElseGet(
                        () -> entry == null ? source.wholeFile() : entry.value().origin());
        source.problems().add(origin, pathOf(key) + " " + message);
    }

    void reportUnknownKeys(Problems problems, Collection<String> knownPaths) {
        keys.entries().forEach((key, entry) -> {
            if (!known.containsKey(key)) {
                problems.add(entry.keyOrigin(), "unknown key \"" + pathOf(key) + "\"" + suggestion(key, knownPaths));
            }
        });
        known.values()
                .forEach(sections -> sections.forEach(section -> section.reportUnknownKeys(problems, knownPaths)));
    }

    private String suggestion(String key, Collection<String> knownPaths) {
        var elsewhere =
                knownPaths.stream().filter(other -> other.endsWith("." + key)).findFirst();
        return Nearest.to(key, known.keySet())
                .map(this::pathOf)
                .or(() -> elsewhere)
                .map(meant -> ": did you mean \"" + meant + "\"?")
                .orElseGet(() -> known.isEmpty()
                        ? ": no keys are expected here"
                        : ": expected one of " + String.join(", ", known.keySet()));
    }

    private <T> T required(String key, T placeholder, Kind<T> kind) {
        var raw = raw(key);
        if (raw instanceof Absent) {
            var variable = source.claimVariable(pathOf(key));
            source.problems().add(source.wholeFile(), pathOf(key) + " is missing: add it, or set " + variable);
            return placeholder;
        }
        return value(key, raw, placeholder, kind);
    }

    private <T> T optional(String key, T fallback, Kind<T> kind) {
        return value(key, raw(key), fallback, kind);
    }

    private <T> T value(String key, Raw raw, T fallback, Kind<T> kind) {
        return switch (raw) {
            case Given given -> parsed(key, given, fallback, kind);
            case Several several -> report(key, new Broken(several.items()), "a single value", fallback);
            case Absent _ -> {
                source.effective(pathOf(key), kind.show().apply(fallback), new Origin.ByDefault());
                yield fallback;
            }
            case Broken broken -> report(key, broken, "a single value", fallback);
        };
    }

    private <T> T parsed(String key, Given given, T fallback, Kind<T> kind) {
        try {
            var value = kind.parse().apply(given.text());
            source.effective(pathOf(key), kind.show().apply(value), given.origin());
            return value;
        } catch (IllegalArgumentException e) {
            source.problems().add(given.origin(), pathOf(key) + ": \"" + given.text() + "\" " + e.getMessage());
            return fallback;
        }
    }

    private <T> T report(String key, Broken broken, String expected, T fallback) {
        source.problems()
                .add(
                        broken.tree().origin(),
                        pathOf(key) + ": expected " + expected + ", found "
                                + broken.tree().shape());
        return fallback;
    }

    private List<String> effective(String key, List<String> values, Origin origin) {
        source.effective(pathOf(key), "[" + String.join(", ", values) + "]", origin);
        return List.copyOf(values);
    }

    /** What is given for a key: in the environment, else in the file. */
    private Raw raw(String key) {
        known.computeIfAbsent(key, _ -> new ArrayList<>());
        var variable = source.claimVariable(pathOf(key));
        var override = source.variable(variable);
        if (override.isPresent()) {
            return new Given(override.get(), new Origin.InEnvironment(variable));
        }
        var entry = keys.entries().get(key);
        if (entry == null) {
            return new Absent();
        }
        return switch (entry.value()) {
            case Text text when text.isNothing() -> new Broken(text);
            case Text text -> new Given(text.value(), text.origin());
            case Items items -> new Several(items);
            case Keys wrong -> new Broken(wrong);
        };
    }

    private Keys keysBelow(String key) {
        var entry = keys.entries().get(key);
        return entry == null ? new Keys(Map.of(), source.wholeFile()) : keysOf(entry.value(), key);
    }

    private Keys keysOf(Tree tree, String key) {
        return switch (tree) {
            case Keys below -> below;
            case Text text when text.isNothing() -> new Keys(Map.of(), text.origin());
            case Text wrong -> report(key, new Broken(wrong), "keys below it", new Keys(Map.of(), wrong.origin()));
            case Items wrong -> report(key, new Broken(wrong), "keys below it", new Keys(Map.of(), wrong.origin()));
        };
    }

    private List<Tree> itemsOf(String key) {
        var entry = keys.entries().get(key);
        if (entry == null) {
            return List.of();
        }
        return switch (entry.value()) {
            case Items items -> bounded(key, items);
            case Text text when text.isNothing() -> List.of();
            case Text wrong -> report(key, new Broken(wrong), "a list of sections", List.of());
            case Keys wrong -> report(key, new Broken(wrong), "a list of sections", List.of());
        };
    }

    private List<String> texts(String key, Items list) {
        var texts = new ArrayList<String>();
        for (var item : bounded(key, list)) {
            switch (item) {
                case Text text when !text.isNothing() -> texts.add(text.value());
                case Text wrong -> report(key, new Broken(wrong), "single values in the list", "");
                case Items wrong -> report(key, new Broken(wrong), "single values in the list", "");
                case Keys wrong -> report(key, new Broken(wrong), "single values in the list", "");
            }
        }
        return texts;
    }

    private List<Tree> bounded(String key, Items list) {
        if (list.items().size() <= LIST_ITEMS_MAX) {
            return list.items();
        }
        source.problems().add(list.origin(), pathOf(key) + " has more than " + LIST_ITEMS_MAX + " items");
        return list.items().subList(0, LIST_ITEMS_MAX);
    }

    private String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static List<String> split(String commaSeparated) {
        var items = new ArrayList<String>();
        for (var item : commaSeparated.split(",", -1)) {
            if (!item.isBlank()) {
                items.add(item.strip());
            }
        }
        return items;
    }

    /** What stands behind a key before it is understood. */
    private sealed interface Raw {}

    private record Given(String text, Origin origin) implements Raw {}

    private record Several(Items items) implements Raw {}

    private record Absent() implements Raw {}

    private record Broken(Tree tree) implements Raw {}
}
