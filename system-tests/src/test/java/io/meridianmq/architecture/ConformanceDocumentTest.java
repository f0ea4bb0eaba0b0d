package io.meridianmq.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.architecture.Clause.Holder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The tables of {@code docs/mqtt-conformance.md} say what code and tests cite. Run with {@code
 * -Dmeridian.conformance.write=true} to write them anew.
 */
class ConformanceDocumentTest {

    private static final Path DOCUMENT = Sources.ROOT.resolve("docs/mqtt-conformance.md");
    private static final String BEGIN = "<!-- tables begin -->\n";
    private static final String END = "<!-- tables end -->\n";

    private final Citations citations = Citations.inRepository();

    @Test
    void hasTheTablesOfWhatIsCited() throws IOException {
        var text = Sources.text(DOCUMENT);
        var begin = text.indexOf(BEGIN) + BEGIN.length();
        var end = text.indexOf(END);
        var tables = tables();
        if (Boolean.getBoolean("meridian.conformance.write")) {
            Files.writeString(DOCUMENT, text.substring(0, begin) + tables + text.substring(end));
            return;
        }
        assertThat(text.substring(begin, end))
                .as("the tables of %s: write them anew with -Dmeridian.conformance.write=true", DOCUMENT)
                .isEqualTo(tables);
    }

    @Test
    void onlyStatementsThatExistAreCited() {
        var known = Arrays.stream(Specification.values())
                .flatMap(specification -> specification.clauses().stream())
                .filter(clause -> clause.holder() != Holder.DRAFT)
                .map(Clause::identifier)
                .collect(Collectors.toSet());
        assertThat(citations.identifiers()).isNotEmpty().isSubsetOf(known);
    }

    private String tables() {
        return Arrays.stream(Specification.values()).map(this::table).collect(Collectors.joining("\n"));
    }

    private String table(Specification specification) {
        var clauses = specification.clauses();
        return """
                ## %s

                %s

                | statement | in a few words | implemented in | proved by |
                |---|---|---|---|
                %s""".formatted(
                        specification.title(),
                        summary(clauses, specification.prefix()),
                        clauses.stream().map(this::row).collect(Collectors.joining()));
    }

    private String summary(List<Clause> clauses, String prefix) {
        var bindServer = clauses.stream()
                .filter(clause -> clause.holder() == Holder.SERVER)
                .toList();
        var neither = count(clauses, Holder.DRAFT) + count(clauses, Holder.VOID);
        var gaps = bindServer.stream()
                .filter(clause -> citations.implementations(clause).isEmpty()
                        || citations.tests(clause).isEmpty())
                .map(clause -> clause.identifier().substring(prefix.length()))
                .toList();
        return "%d statements: %d on the client alone, %s%d that bind a server, of which %d are implemented and proved."
                .formatted(
                        clauses.size(),
                        count(clauses, Holder.CLIENT),
                        neither == 0 ? "" : neither + " that do not arise, ",
                        bindServer.size(),
                        bindServer.size() - gaps.size())
                .concat(gaps.isEmpty() ? " No gaps." : " Gaps: " + String.join(", ", gaps) + ".");
    }

    private static long count(List<Clause> clauses, Holder holder) {
        return clauses.stream().filter(clause -> clause.holder() == holder).count();
    }

    private String row(Clause clause) {
        return "| %s | %s | %s | %s |\n"
                .formatted(
                        clause.identifier(),
                        clause.words(),
                        cell(clause, citations.implementations(clause)),
                        cell(clause, citations.tests(clause)));
    }

    private static String cell(Clause clause, Collection<String> classes) {
        if (!classes.isEmpty()) {
            return classes.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
        }
        return switch (clause.holder()) {
            case SERVER -> "**gap**";
            case CLIENT -> "client";
            case VOID -> "does not arise";
            case DRAFT -> "does not arise";
        };
    }
}
