package io.meridianmq.fabric.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A YAML document reduced to what configuration may contain: texts, lists and mappings with text keys. */
sealed interface Tree {

    /** Where the value starts. */
    Origin origin();

    /** What a message calls this shape. */
    String shape();

    /**
     * One value as it is written.
     *
     * @param plain written without quotes
     */
    record Text(String value, boolean plain, Origin origin) implements Tree {

        /** Whether this is {@code key:} with nothing behind it, or YAML's word for nothing. */
        boolean isNothing() {
            return plain && (value.isEmpty() || value.equals("~") || value.equals("null"));
        }

        @Override
        public String shape() {
            return isNothing() ? "nothing" : "a single value";
        }
    }

    record Items(List<Tree> items, Origin origin) implements Tree {
        public Items {
            items = List.copyOf(items);
        }

        @Override
        public String shape() {
            return "a list";
        }
    }

    record Keys(Map<String, Entry> entries, Origin origin) implements Tree {
        public Keys {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        @Override
        public String shape() {
            return "a section with keys of its own";
        }
    }

    /**
     * One key of a section.
     *
     * @param keyOrigin where the key itself stands
     */
    record Entry(Origin keyOrigin, Tree value) {}
}
