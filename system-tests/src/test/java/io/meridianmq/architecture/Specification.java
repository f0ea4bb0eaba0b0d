package io.meridianmq.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The two specifications, with their normative statements in the order of their sections. */
enum Specification {
    MQTT_5("MQTT 5.0", "MQTT-", "/conformance/mqtt-5.txt"),
    MQTT_3_1_1("MQTT 3.1.1", "MQTT3-", "/conformance/mqtt-3.1.1.txt");

    private final String title;
    private final String prefix;
    private final String resource;

    Specification(String title, String prefix, String resource) {
        this.title = title;
        this.prefix = prefix;
        this.resource = resource;
    }

    String title() {
        return title;
    }

    /** What the identifiers of its statements begin with in citations. */
    String prefix() {
        return prefix;
    }

    List<Clause> clauses() {
        try (var in = Objects.requireNonNull(Specification.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> Clause.parse(prefix, line))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
