package io.meridianmq.core.settings;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that is set for the whole platform, at one version. A higher version replaces a lower one whole, wherever
 * they meet.
 *
 * @param version 0 for none yet
 * @param values by key, both as an operator writes them; what is not here is as each component's own configuration says
 * @param topics the global topics by their filters
 */
public record PlatformSettings(long version, SortedMap<String, String> values, SortedMap<String, GlobalTopic> topics) {

    /** Nothing is set. */
    public static final PlatformSettings NONE =
            new PlatformSettings(0, Collections.emptySortedMap(), Collections.emptySortedMap());

    /** Keys at most. */
    public static final int VALUES_MAX = 100;

    /** Characters of a key or a value at most. */
    public static final int TEXT_CHARS_MAX = 256;

    /** Global topics at most. */
    public static final int TOPICS_MAX = 999;

    /** @throws IllegalArgumentException if a limit is exceeded; the message says which */
    public PlatformSettings {
        if (version < 0) {
            throw new IllegalArgumentException("version " + version + " of the settings: versions start at 0");
        }
        require("settings", values.size(), VALUES_MAX);
        require("global topics", topics.size(), TOPICS_MAX);
        values.forEach((key, value) -> {
            require("characters in a key", key.length(), TEXT_CHARS_MAX);
            require("characters in the value of " + key, value.length(), TEXT_CHARS_MAX);
        });
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
        topics = Collections.unmodifiableSortedMap(new TreeMap<>(topics));
    }

    public static PlatformSettings of(long version, Map<String, String> values, Collection<GlobalTopic> topics) {
        var byFilter = new TreeMap<String, GlobalTopic>();
        topics.forEach(topic -> byFilter.put(topic.filter(), topic));
        return new PlatformSettings(version, new TreeMap<>(values), byFilter);
    }

    public Optional<String> value(String key) {
        return Optional.ofNullable(values.get(key));
    }

    /** The same content at another version. */
    public PlatformSettings at(long otherVersion) {
        return new PlatformSettings(otherVersion, values, topics);
    }

    /** The same with one key set, or with the component's own configuration in its place if the value is empty. */
    public PlatformSettings with(String key, Optional<String> value) {
        var changed = new TreeMap<>(values);
        changed.remove(key);
        value.ifPresent(text -> changed.put(key, text));
        return new PlatformSettings(version, changed, topics);
    }

    /** The same with a global topic, in place of the one with the same filter if there is one. */
    public PlatformSettings with(GlobalTopic topic) {
        var changed = new TreeMap<>(topics);
        changed.put(topic.filter(), topic);
        return new PlatformSettings(version, values, changed);
    }

    /** The same without the global topic with this filter. */
    public PlatformSettings withoutTopic(String filter) {
        var changed = new TreeMap<>(topics);
        changed.remove(filter);
        return new PlatformSettings(version, values, changed);
    }

    private static void require(String what, int count, int max) {
        if (count > max) {
            throw new IllegalArgumentException(count + " " + what + " are too many: at most " + max + " are allowed");
        }
    }
}
