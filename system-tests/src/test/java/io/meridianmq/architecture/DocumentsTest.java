package io.meridianmq.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents point at is there. */
class DocumentsTest {

    /** {@code `NodeMesh.java`}, or with folders before it. */
    private static final Pattern JAVA_FILE = Pattern.compile("`([\\w./-]+\\.java)`");

    /** {@code [text](target#anchor)}; one of the two may be missing. */
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]*)(?:#([^)\\s]*))?\\)");

    /** What comes before a colon that is none of ours. */
    private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");

    private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.*)$", Pattern.MULTILINE);

    /** Lines that show text as it is, in which a # is no heading. */
    private static final Pattern LISTING = Pattern.compile("^```.*?^```", Pattern.MULTILINE | Pattern.DOTALL);

    private record Link(Path document, String target, String anchor) {
        /** The file that it leads to. */
        Path file() {
            return target.isEmpty() ? document : document.resolveSibling(target);
        }
    }

    @Test
    void everyJavaFileThatIsNamedExists() {
        assertThat(Sources.documents())
                .allSatisfy(document -> assertThat(missing(Sources.text(document)))
                        .as("Java files named in %s", Sources.ROOT.relativize(document))
                        .isEmpty());
    }

    @Test
    void everyLinkLeadsToFile() {
        assertThat(links())
                .isNotEmpty()
                .allSatisfy(link -> assertThat(link.file()).exists());
    }

    @Test
    void everyAnchorIsHeading() {
        assertThat(links())
                .filteredOn(link -> !link.anchor.isEmpty())
                .isNotEmpty()
                .allSatisfy(link -> assertThat(anchors(Sources.text(link.file())))
                        .as("headings that %s can link to", Sources.ROOT.relativize(link.document))
                        .contains(link.anchor));
    }

    @Test
    void anchorsAreMadeOfHeadings() {
        assertThat(anchors("""
                # Meridian: how it works, `up` to *now*
                text
                ## Two  of-them_
                ```
                # a comment
                ```
                ## Two  of-them_
                ### See [the design](design.md)
                """))
                .containsExactly(
                        "meridian-how-it-works-up-to-now", "two--of-them_", "two--of-them_-1", "see-the-design");
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

    private static List<Link> links() {
        return Sources.documents().stream()
                .flatMap(document -> LINK.matcher(Sources.text(document))
                        .results()
                        .map(match ->
                                new Link(document, match.group(1), Objects.requireNonNullElse(match.group(2), ""))))
                .filter(link -> !ELSEWHERE.matcher(link.target).matches())
                .toList();
    }

    /** What a link into a document can have behind its #, as GitHub and GitLab make it of the headings. */
    private static List<String> anchors(String text) {
        var seen = new HashMap<String, Integer>();
        return found(HEADING, LISTING.matcher(text).replaceAll(""))
                .map(DocumentsTest::anchor)
                .map(anchor -> {
                    var before = seen.merge(anchor, 1, Integer::sum) - 1;
                    return before == 0 ? anchor : anchor + "-" + before;
                })
                .toList();
    }

    private static String anchor(String heading) {
        return heading.strip()
                .replaceAll("\\]\\([^)]*\\)", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                .replace(' ', '-');
    }

    private static Stream<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1));
    }
}
