package io.meridianmq.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs programs to their end. */
final class CommandLine {

    private static final Duration PATIENCE = Duration.ofSeconds(400);

    /** The packaged distribution, which the build has put beside this module. */
    private static final Path DISTRIBUTION = Path.of(
                    System.getProperty("meridian.distribution", "../distribution/target/meridian"))
            .toAbsolutePath()
            .normalize();

    private CommandLine() {}

    /**
     * What a program has left.
     *
     * @param output its standard output
     * @param errors its standard error
     */
    record Ended(int exitCode, String output, String errors) {}

    /** Whether the program is somewhere on the search path, where an administrator's programs are looked for as well. */
    static boolean isInstalled(String program) {
        var folders = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin";
        return Arrays.stream(folders.split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(program)));
    }

    /** The packaged {@code meridian}. */
    static Path program() {
        var program = DISTRIBUTION.resolve("bin/meridian");
        if (!Files.exists(program)) {
            throw new IllegalStateException(
                    program + " is missing: package the distribution first, or run ./meridian test");
        }
        return program;
    }

    /** Runs {@code ./meridian} with these arguments. */
    static Ended meridian(List<String> arguments) throws IOException, InterruptedException {
        return run(Stream.concat(Stream.of(program().toString()), arguments.stream())
                .toList());
    }

    /**
     * Runs a program.
     *
     * @throws IllegalStateException if it takes longer than a minute and a half; it is killed
     */
    static Ended run(List<String> command) throws IOException, InterruptedException {
        // Files, not pipes: processes that "up --detach" leaves behind could keep a pipe open for ever.
        var output = Files.createTempFile("meridian", ".out");
        var errors = Files.createTempFile("meridian", ".err");
        try {
            var process = new ProcessBuilder(command)
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(command + " did not end within " + PATIENCE + ":\n"
                        + Files.readString(output) + Files.readString(errors));
            }
            return new Ended(
                    process.exitValue(),
                    Files.readString(output, StandardCharsets.UTF_8),
                    Files.readString(errors, StandardCharsets.UTF_8));
        } finally {
            Files.delete(output);
            Files.delete(errors);
        }
    }
}
