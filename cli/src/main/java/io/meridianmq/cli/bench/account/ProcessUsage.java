package io.meridianmq.cli.bench.account;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a process has used, as Linux tells it in {@code /proc}.
 *
 * @param cpu since it began, all its threads, in the system and outside it
 * @param residentBytes memory that is in use now
 */
public record ProcessUsage(Duration cpu, long residentBytes) {

    /** Linux counts processor time in hundredths of a second for every program, whatever the kernel's own clock. */
    private static final long TICK_MILLIS = 10;

    private static final long BYTES_PER_KILOBYTE = 1_024;

    /** Fields of {@code /proc/PID/stat} after the program's name, counted from 0: see proc(5). */
    private static final int USER_TICKS = 11;

    private static final int SYSTEM_TICKS = 12;

    /**
     * What this process uses.
     *
     * @throws IOException if there is none, or no {@code /proc}
     */
    public static ProcessUsage of(long processId) throws IOException {
        var folder = Path.of("/proc", Long.toString(processId));
        return parse(
                Files.readString(folder.resolve("stat"), StandardCharsets.ISO_8859_1),
                Files.readString(folder.resolve("status"), StandardCharsets.ISO_8859_1));
    }

    static ProcessUsage parse(String stat, String status) {
        // The name is in parentheses, and may have blanks and parentheses of its own.
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        var ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
        var resident = status.lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
        return new ProcessUsage(Duration.ofMillis(ticks * TICK_MILLIS), resident * BYTES_PER_KILOBYTE);
    }
}
