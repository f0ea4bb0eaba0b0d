package io.meridianmq.fabric.config;

import io.meridianmq.core.place.Place;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * How one type of value is read and shown.
 *
 * @param parse throws {@link IllegalArgumentException} with a message that continues the quoted text: "is not ..."
 */
public record Kind<T>(Function<String, T> parse, Function<T, String> show) {

    /** Any text. */
    public static final Kind<String> TEXT = new Kind<>(Function.identity(), Function.identity());

    static final Kind<String> SECRET = new Kind<>(Function.identity(), secret -> secret.isEmpty() ? "" : "(hidden)");
    /** A whole number. */
    public static final Kind<Integer> WHOLE_NUMBER = new Kind<>(Kind::parseInteger, String::valueOf);

    static final Kind<Double> NUMBER = new Kind<>(Kind::parseNumber, String::valueOf);
    static final Kind<Boolean> BOOLEAN = new Kind<>(Kind::parseBoolean, String::valueOf);
    /** A size such as {@code 64KB}, in bytes; units are powers of 1,024. */
    public static final Kind<Long> BYTES = new Kind<>(ByteSize::parse, ByteSize::format);
    /** A duration such as {@code 10ms}. */
    public static final Kind<Duration> DURATION = new Kind<>(TimeSpan::parse, TimeSpan::format);
    /** A duration, or {@code never}, which is empty. */
    public static final Kind<Optional<Duration>> DURATION_OR_NEVER = new Kind<>(
            text -> text.equals("never") ? Optional.empty() : Optional.of(TimeSpan.parse(text)),
            span -> span.map(TimeSpan::format).orElse("never"));

    static final Kind<HostPort> ADDRESS = new Kind<>(HostPort::parse, HostPort::toString);
    static final Kind<Place> PLACE = new Kind<>(Kind::parsePlace, Place::toString);

    /** {@code kind}, refusing values outside {@code min} to {@code max}. */
    public static <T extends Comparable<T>> Kind<T> between(T min, T max, Kind<T> kind) {
        return new Kind<>(
                text -> {
                    var value = kind.parse.apply(text);
                    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
                        throw new IllegalArgumentException(
                                "is not between " + kind.show.apply(min) + " and " + kind.show.apply(max));
                    }
                    return value;
                },
                kind.show);
    }

    /** One of some texts. */
    public static Kind<String> oneOf(List<String> texts) {
        return new Kind<>(
                text -> {
                    if (!texts.contains(text)) {
                        throw new IllegalArgumentException("is not one of " + String.join(", ", texts));
                    }
                    return text;
                },
                Function.identity());
    }

    /** Constants of an enum in lower case with hyphens. */
    public static <E extends Enum<E>> Kind<E> oneOf(Class<E> type) {
        var byName = new LinkedHashMap<String, E>();
        for (E constant : type.getEnumConstants()) {
            byName.put(written(constant), constant);
        }
        return new Kind<>(
                text -> Optional.ofNullable(byName.get(text))
                        .orElseThrow(() ->
                                new IllegalArgumentException("is not one of " + String.join(", ", byName.keySet()))),
                Kind::written);
    }

    private static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static int parseInteger(String text) {
        try {
            return Integer.parseInt(text.replace("_", ""));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("is not a whole number of at most " + Integer.MAX_VALUE, e);
        }
    }

    private static double parseNumber(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("is not a number", e);
        }
    }

    private static boolean parseBoolean(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("is neither true nor false");
        };
    }

    private static Place parsePlace(String text) {
        try {
            return Place.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is not a place: " + e.getMessage(), e);
        }
    }
}
