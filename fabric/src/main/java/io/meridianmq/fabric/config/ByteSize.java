package io.meridianmq.fabric.config;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Sizes as configuration writes them: {@code 64KB}, {@code 16MB}; units are powers of 1,024. */
final class ByteSize {

    private static final Pattern WRITTEN = Pattern.compile("([0-9]{1,18})\\s?(B|KB|MB|GB|TB|)");
    private static final Map<String, Integer> SHIFTS = Map.of("", 0, "B", 0, "KB", 10, "MB", 20, "GB", 30, "TB", 40);

    private ByteSize() {}

    /**
     * The size in bytes.
     *
     * @throws IllegalArgumentException if the text is not a size or does not fit a {@code long}
     */
    static long parse(String text) {
        var matcher = WRITTEN.matcher(text.strip().toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("is not a size: write a whole number with B, KB, MB, GB or TB");
        }
        var number = Long.parseLong(matcher.group(1));
        var shift = SHIFTS.getOrDefault(matcher.group(2), 0);
        if (number > Long.MAX_VALUE >> shift) {
            throw new IllegalArgumentException("is too large");
        }
        return number << shift;
    }

    /** The shortest exact form: {@code 65536} is {@code 64KB}. */
    static String format(long bytes) {
        var units = new String[] {"B", "KB", "MB", "GB", "TB"};
        var unit = 0;
        var rest = bytes;
        while (rest != 0 && rest % 1024 == 0 && unit < units.length - 1) {
            rest /= 1024;
            unit++;
        }
        return rest + units[unit];
    }
}
