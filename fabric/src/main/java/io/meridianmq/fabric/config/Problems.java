package io.meridianmq.fabric.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Everything found wrong so far; reported together, so that one start finds every mistake. */
final class Problems {

    private static final Comparator<Problem> FILE_ORDER = Comparator.comparingInt(Problem::line)
            .thenComparing(problem -> problem.origin().toString());

    private final List<Problem> found = new ArrayList<>();

    void add(Origin origin, String message) {
        found.add(new Problem(origin, message));
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** One text per problem, in the order of the file's lines; what is missing and the environment's come last. */
    List<String> inOrder() {
        return found.stream()
                .sorted(FILE_ORDER)
                .map(problem -> problem.origin() + ": " + problem.message())
                .distinct()
                .toList();
    }

    private record Problem(Origin origin, String message) {
        int line() {
            return origin instanceof Origin.InFile inFile ? inFile.line() : Integer.MAX_VALUE;
        }
    }
}
