package io.meridianmq.cli.bench.wire;

/** The versions of MQTT that are spoken. */
public enum ProtocolVersion {
    V3_1_1("3.1.1", 4),
    V5("5", 5);

    private final String text;
    private final int level;

    ProtocolVersion(String text, int level) {
        this.text = text;
        this.level = level;
    }

    /**
     * Reads {@code 3.1.1} or {@code 5}.
     *
     * @throws IllegalArgumentException if it is another one
     */
    public static ProtocolVersion parse(String text) {
        return switch (text) {
            case "3.1.1" -> V3_1_1;
            case "5" -> V5;
            default -> throw new IllegalArgumentException("expected 3.1.1 or 5 but was \"" + text + "\"");
        };
    }

    /** The protocol level of CONNECT [MQTT-3.1.2-2]. */
    int level() {
        return level;
    }

    boolean hasProperties() {
        return this == V5;
    }

    @Override
    public String toString() {
        return text;
    }
}
