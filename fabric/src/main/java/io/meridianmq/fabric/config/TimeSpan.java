package io.meridianmq.fabric.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Durations as configuration writes them: {@code 500us}, {@code 10ms}, {@code 5s}, {@code 2m}, {@code 1h}, {@code 30d}. */
public final class TimeSpan {

    private static final Pattern WRITTEN = Pattern.compile("([0-9]{1,15})\\s?(us|ms|s|m|h|d)");

    /** Everything that measures time here counts nanoseconds in a long. */
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    /** Largest unit first, which is the order in which {@link #format} tries them. */
    private static final Map<String, ChronoUnit> UNITS = new LinkedHashMap<>();

    static {
        UNITS.put("d", ChronoUnit.DAYS);
        UNITS.put("h", ChronoUnit.HOURS);
        UNITS.put("m", ChronoUnit.MINUTES);
        UNITS.put("s", ChronoUnit.SECONDS);
        UNITS.put("ms", ChronoUnit.MILLIS);
        UNITS.put("us", ChronoUnit.MICROS);
    }

    private TimeSpan() {}

    /**
     * The duration a text says.
     *
     * @throws IllegalArgumentException if the text is not a duration, or one of more than 292 years; the message continues
     *     the quoted text: "is not ..."
     */
    public static Duration parse(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        var matcher = WRITTEN.matcher(text.strip());
        var unit = matcher.matches() ? UNITS.get(matcher.group(2)) : null;
        if (unit == null) {
            throw new IllegalArgumentException(
                    "is not a duration: write a whole number with us, ms, s, m, h or d, for example 10ms");
        }
        var number = Long.parseLong(matcher.group(1));
        if (number > LONGEST.dividedBy(unit.getDuration())) {
            throw new IllegalArgumentException("is too long");
        }
        return Duration.of(number, unit);
    }

    /** The shortest exact form, to the microsecond. */
    public static String format(Duration span) {
        if (span.isZero()) {
            return "0";
        }
        var nanos = span.toNanos();
        for (var unit : UNITS.entrySet()) {
            var unitNanos = unit.getValue().getDuration().toNanos();
            if (nanos % unitNanos == 0) {
                return nanos / unitNanos + unit.getKey();
            }
        }
        return nanos / 1_000 + "us";
    }
}
