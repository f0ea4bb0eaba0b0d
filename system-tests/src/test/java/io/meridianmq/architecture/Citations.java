package io.meridianmq.architecture;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where the repository's Java files cite normative statements.
 *
 * @param implementations names of main classes, by identifier
 * @param tests names of test classes, by identifier
 */
record Citations(Map<String, SortedSet<String>> implementations, Map<String, SortedSet<String>> tests) {

    /** Clients of our own, which do what the statements ask of a client. */
    private static final Set<String> CLIENT_MODULES = Set.of("cli", "bench");

    /** Looks through every Java file. */
    static Citations inRepository() {
        return of(Sources.javaFiles());
    }

    static Citations of(List<Path> files) {
        var citations = new Citations(new TreeMap<>(), new TreeMap<>());
        for (var file : files) {
            var isTest = file.toString().contains("/src/test/");
            if (isTest || !CLIENT_MODULES.contains(module(file))) {
                var kind = isTest ? citations.tests : citations.implementations;
                Clause.CITATION
                        .matcher(Sources.text(file))
                        .results()
                        .forEach(cited -> kind.computeIfAbsent(cited.group(1), _ -> new TreeSet<>())
                                .add(file.getFileName().toString().replace(".java", "")));
            }
        }
        return citations;
    }

    private static String module(Path file) {
        return Sources.ROOT.relativize(file).getName(0).toString();
    }

    SortedSet<String> implementations(Clause clause) {
        return implementations.getOrDefault(clause.identifier(), new TreeSet<>());
    }

    SortedSet<String> tests(Clause clause) {
        return tests.getOrDefault(clause.identifier(), new TreeSet<>());
    }

    /** Every identifier that somebody cites. */
    SortedSet<String> identifiers() {
        var all = new TreeSet<>(implementations.keySet());
        all.addAll(tests.keySet());
        return all;
    }
}
