package io.meridianmq.fabric.config;

import java.io.Serial;
import java.util.List;

/** The configuration cannot be used. Carries every problem found, each with its place and the fix. */
public final class ConfigException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    ConfigException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    /** One line each: {@code file:line:column: what is wrong and the fix}. */
    public List<String> problems() {
        return problems;
    }
}
