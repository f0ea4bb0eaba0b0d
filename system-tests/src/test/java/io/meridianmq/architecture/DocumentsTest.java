package io.meridianmq.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents point at is there. */
class DocumentsTest {

    /** {@code `NodeMesh.java`}, or with folders before it. */
    private static final Pattern JAVA_FILE = Pattern.compile("`([\\w./-]+\\.java)`");

    /** {@code [text](target)}; what stands behind a # is not looked at. */
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(?:#[^)]*)?\\)");

    @Test
    void everyJavaFileThatIsNamedExists() {
        assertThat(Sources.documents())
                .allSatisfy(document -> assertThat(missing(Sources.text(document)))
                        .as("Java files named in %s", Sources.ROOT.relativize(document))
                        .isEmpty());
    }

    @Test
    void everyLinkLeadsToFile() {
        assertThat(Sources.documents())
                .allSatisfy(document -> assertThat(
                                found(LINK, Sources.text(document)).filter(target -> !target.matches("[a-z]+:.*")))
                        .as("files linked from %s", Sources.ROOT.relativize(document))
                        .allMatch(target -> Files.exists(document.resolveSibling(target))));
    }

    @Test
    void missingFileIsNoticed() {
        assertThat(missing("Read `Router.java` first, then `core/route/Routre.java`."))
                .containsExactly("core/route/Routre.java");
    }

    /** Names of Java files in the text that no file of the repository ends with. */
    private static List<String> missing(String text) {
        var endings = Sources.javaFiles().stream()
                .map(Sources.ROOT::relativize)
                .flatMap(DocumentsTest::endings)
                .collect(Collectors.toSet());
        return found(JAVA_FILE, text).filter(name -> !endings.contains(name)).toList();
    }

    private static Stream<String> endings(Path file) {
        return Stream.iterate(0, index -> index + 1)
                .limit(file.getNameCount())
                .map(index -> file.subpath(index, file.getNameCount()).toString());
    }

    private static Stream<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1));
    }
}
