package io.meridianmq.cli.bench.account;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The heap of another JVM of the same user, as {@code jcmd} tells it. */
public final class LiveHeap {

    private static final int ANSWERS_WITHIN_SECONDS = 60;
    private static final long KILO = 1_024;

    /** The line of a whole heap, or of a generation, in the words of each collector. */
    private static final Pattern USED =
            Pattern.compile("(?:generation|DefNew|Tenured|garbage-first heap|PSYoungGen|ParOldGen|ZHeap|Shenandoah)"
                    + ".*?used (\\d+)([KMG])");

    private LiveHeap() {}

    /**
     * Bytes in use after a full collection, which is asked for; empty if it is not a JVM, or does not answer.
     *
     * @throws InterruptedException if this thread is to end
     */
    public static OptionalLong ofProcess(long processId) throws InterruptedException {
        return jcmd(processId, "GC.run").isEmpty() ? OptionalLong.empty() : parse(jcmd(processId, "GC.heap_info"));
    }

    /** What it prints; empty if it fails. */
    private static String jcmd(long processId, String command) throws InterruptedException {
        var program = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        try {
            var process = new ProcessBuilder(program.toString(), Long.toString(processId), command)
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(ANSWERS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return "";
            }
            return process.exitValue() == 0 ? output : "";
        } catch (IOException _) {
            // There is no jcmd with this Java: the figure is left out.
            return "";
        }
    }

    static OptionalLong parse(String heapInfo) {
        var used = USED.matcher(heapInfo).results().mapToLong(LiveHeap::bytes).toArray();
        return used.length == 0
                ? OptionalLong.empty()
                : OptionalLong.of(Arrays.stream(used).sum());
    }

    private static long bytes(MatchResult match) {
        var number = Long.parseLong(match.group(1));
        return switch (match.group(2)) {
            case "K" -> number * KILO;
            case "M" -> number * KILO * KILO;
            default -> number * KILO * KILO * KILO;
        };
    }
}
