package io.meridianmq.bench.compare;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where things are.
 *
 * @param root the source checkout
 */
record Workplace(Path root) {

    private static final String SYSTEM_PROGRAMS = "/usr/sbin";

    Path bench() {
        return root.resolve("bench");
    }

    /** The packaged launch script. */
    Path meridian() {
        return root.resolve("distribution/target/meridian/bin/meridian");
    }

    /** Where results go. */
    Path results() {
        return bench().resolve("target/compare");
    }

    /** Why a peer that is a set of jars cannot be started, if so. */
    Optional<String> missingClassPath(String peer) {
        return Files.isReadable(classPathFile(peer))
                ? Optional.empty()
                : Optional.of("its jars could not be resolved from bench/peers/" + peer + "/pom.xml");
    }

    /** The command for a peer that a source file starts, with this process's JDK. */
    List<String> javaPeer(String peer, String source, List<String> flags, String... arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of("-cp", text(classPathFile(peer))));
        command.add(bench().resolve("peers").resolve(peer).resolve(source).toString());
        command.addAll(List.of(arguments));
        return List.copyOf(command);
    }

    /** A program on the path, or where system programs are. */
    static Optional<Path> program(String name) {
        var folders = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + SYSTEM_PROGRAMS;
        return Arrays.stream(folders.split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private Path classPathFile(String peer) {
        return bench().resolve("target/peers").resolve(peer + ".classpath");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
