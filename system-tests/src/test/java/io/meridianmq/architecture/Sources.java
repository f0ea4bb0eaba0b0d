package io.meridianmq.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The files of the repository that the tests run in. */
final class Sources {

    /** The folder that has the Maven wrapper. */
    static final Path ROOT = root(Path.of("").toAbsolutePath());

    private static final List<String> KINDS = List.of("main", "test");

    private Sources() {}

    /** Every folder with Java files, in every module, main and test. */
    static List<Path> packages() {
        return javaFiles().stream().map(Path::getParent).distinct().toList();
    }

    /** Every Java file that somebody wrote. */
    static List<Path> javaFiles() {
        return modules().stream()
                .flatMap(module -> KINDS.stream().map(kind -> module.resolve("src/" + kind + "/java")))
                .filter(Files::isDirectory)
                .flatMap(folder -> walk(folder).stream())
                .filter(file -> file.toString().endsWith(".java"))
                .toList();
    }

    /** What describes the package in this folder: its own {@code package-info.java}, or that of the main sources. */
    static Optional<Path> packageInfo(Path folder) {
        var main = Path.of(folder.toString().replace("/src/test/java/", "/src/main/java/"));
        return Stream.of(folder, main)
                .map(place -> place.resolve("package-info.java"))
                .filter(Files::exists)
                .findFirst();
    }

    /** The documents for readers, in the order of their names. */
    static List<Path> documents() {
        return Stream.concat(
                        Stream.of(ROOT.resolve("README.md"), ROOT.resolve("terraform/README.md")),
                        walk(ROOT.resolve("docs")).stream())
                .filter(file -> file.toString().endsWith(".md"))
                .sorted()
                .toList();
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> modules() {
        try (var children = Files.list(ROOT)) {
            return children.filter(child -> Files.exists(child.resolve("pom.xml")))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> walk(Path folder) {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path root(Path folder) {
        for (var candidate = folder; candidate != null; candidate = candidate.getParent()) {
            if (Files.exists(candidate.resolve("mvnw"))) {
                return candidate;
            }
        }
        throw new IllegalStateException("no folder above " + folder + " has the Maven wrapper mvnw");
    }
}
