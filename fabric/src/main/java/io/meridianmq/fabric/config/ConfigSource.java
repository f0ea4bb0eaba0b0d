package io.meridianmq.fabric.config;

import io.meridianmq.fabric.config.Tree.Keys;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The configuration of one process before it is understood: a YAML file, or none, and the environment.
 *
 * <pre>{@code
 * var source = ConfigSource.load(file, System.getenv());
 * var config = BrokerConfig.read(source.root());
 * source.finish();
 * source.describe().forEach(log::info);
 * }</pre>
 *
 * <p>Every key can be set by an environment variable: {@code MERIDIAN_} and the key's path in upper case, with an
 * underscore for every dot, hyphen and list index: {@code link.bind} is {@code MERIDIAN_LINK_BIND}, {@code bind} of the
 * first of {@code listeners} is {@code MERIDIAN_LISTENERS_0_BIND}. The environment wins over the file.
 *
 * <p>Reading never stops at the first problem: a reader that finds one notes it and returns its default, or a harmless
 * value of its type. Nothing read may be used before {@link #finish} has returned. For one thread.
 */
public final class ConfigSource {

    /** What the names of overriding environment variables start with. */
    public static final String ENVIRONMENT_PREFIX = "MERIDIAN_";

    /** Variables with the prefix that are read by the launcher or the log, and are no keys. */
    private static final Set<String> NOT_KEYS = Set.of("MERIDIAN_LOG_LEVEL", "MERIDIAN_JAVA_OPTS");

    private static final long FILE_BYTES_MAX = 1 << 20;

    private final Origin wholeFile;
    private final Problems problems;
    private final TreeMap<String, String> environment = new TreeMap<>();

    /** Path of the key by the name of the variable that sets it, for every key that was read. */
    private final Map<String, String> keysByVariable = new TreeMap<>();

    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final Section root;

    private ConfigSource(Origin wholeFile, Problems problems, Keys top, Map<String, String> environment) {
        this.wholeFile = wholeFile;
        this.problems = problems;
        environment.forEach((name, value) -> {
            if (name.startsWith(ENVIRONMENT_PREFIX) && !NOT_KEYS.contains(name)) {
                this.environment.put(name, value);
            }
        });
        this.root = new Section(this, "", top);
    }

    /**
     * Reads a file.
     *
     * @param environment the process's environment variables; those without the prefix are ignored
     * @throws ConfigException if the file cannot be read or is not YAML
     */
    public static ConfigSource load(Path file, Map<String, String> environment) {
        var problems = new Problems();
        var top = new YamlFile(file.toString(), problems).read(textOf(file));
        return new ConfigSource(new Origin.WholeFile(file.toString()), problems, top, environment);
    }

    /** A process without a file: defaults and the environment. */
    public static ConfigSource empty(Map<String, String> environment) {
        var origin = new Origin.WholeFile("configuration");
        return new ConfigSource(origin, new Problems(), new Keys(Map.of(), origin), environment);
    }

    /** The top of the file. */
    public Section root() {
        return root;
    }

    /**
     * Ends reading: from here on what was read may be used.
     *
     * @throws ConfigException with every problem: values that could not be read, keys and variables that nobody asked for
     */
    public void finish() {
        root.reportUnknownKeys(problems, keysByVariable.values());
        for (var variable : environment.keySet()) {
            if (!keysByVariable.containsKey(variable)) {
                var nearest = Nearest.to(variable, keysByVariable.keySet())
                        .map(name -> ": did you mean " + name + "?")
                        .orElse("");
                problems.add(
                        new Origin.InEnvironment(variable),
                        "no configuration key belongs to this environment variable" + nearest);
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems.inOrder());
        }
    }

    /**
     * The effective configuration, one line per key in the order in which it was read: {@code link.bind =
     * 127.0.0.1:7000 (broker.yaml:3:9)}. Secrets are not shown.
     */
    public List<String> describe() {
        return settings.values().stream().map(Setting::toString).toList();
    }

    Problems problems() {
        return problems;
    }

    Origin wholeFile() {
        return wholeFile;
    }

    /** Notes that {@code path} is a key, and says which variable sets it. */
    String claimVariable(String path) {
        var variable = variableOf(path);
        keysByVariable.put(variable, path);
        return variable;
    }

    /** The value of a variable, empty text included. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name));
    }

    /** Whether some variable sets a key below {@code path}. */
    boolean hasVariableBelow(String path) {
        var prefix = variableOf(path) + "_";
        var next = environment.ceilingKey(prefix);
        return next != null && next.startsWith(prefix);
    }

    void effective(String path, String value, Origin origin) {
        settings.put(path, new Setting(path, value, origin));
    }

    private static String variableOf(String path) {
        return ENVIRONMENT_PREFIX
                + path.replaceAll("[^A-Za-z0-9]+", "_").replaceAll("_$", "").toUpperCase(Locale.ROOT);
    }

    private static String textOf(Path file) {
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw new ConfigException(List.of(file + ": larger than 1MB: this is not a configuration file"));
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new ConfigException(List.of(file + ": no such file"));
        } catch (CharacterCodingException e) {
            throw new ConfigException(List.of(file + ": not UTF-8 text"));
        } catch (IOException e) {
            throw new ConfigException(List.of(file + ": cannot be read: " + e));
        }
    }

    private record Setting(String path, String value, Origin origin) {
        @Override
        public String toString() {
            return path + " = " + value + " (" + origin + ")";
        }
    }
}
