package io.meridianmq.broker.access;

import io.meridianmq.fabric.access.LinesOfFile;
import io.meridianmq.fabric.access.RefusedFileException;
import io.meridianmq.fabric.config.Nearest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads an ACL file: one word decides what a line is, blank lines and lines that begin with {@code #} aside.
 *
 * <pre>
 *   everybody                  whom the rules below are for: one of these
 *   anonymous
 *   user NAME
 *   allow|deny publish|subscribe|both FILTER
 *   default allow|deny         at the end; deny if it is left out
 * </pre>
 */
final class AclFile {

    private static final List<String> WORDS = List.of("everybody", "anonymous", "user", "allow", "deny", "default");
    private static final List<String> ACTIONS = List.of("publish", "subscribe", "both");
    private static final List<String> DEFAULTS = List.of("allow", "deny");
    private static final String FORM = "write allow or deny, then publish, subscribe or both, then a topic filter";

    private final Path file;
    private final List<Rule> everybody = new ArrayList<>();
    private final List<Rule> anonymous = new ArrayList<>();
    private final Map<String, List<Rule>> users = new HashMap<>();
    private Optional<List<Rule>> section = Optional.empty();
    private Optional<Boolean> allowsByDefault = Optional.empty();

    private AclFile(Path file) {
        this.file = file;
    }

    /**
     * Reads a file; blocks.
     *
     * @throws RefusedFileException if it cannot be read, or any of its lines is wrong
     */
    static Acl read(Path file) throws RefusedFileException {
        return parse(file, LinesOfFile.read(file));
    }

    /** @param file for messages */
    static Acl parse(Path file, List<String> lines) throws RefusedFileException {
        var acl = new AclFile(file);
        for (var i = 0; i < lines.size(); i++) {
            var line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                acl.readLine(i + 1, line);
            }
        }
        return new Acl(acl.everybody, acl.anonymous, acl.users, acl.allowsByDefault.orElse(false));
    }

    private void readLine(int number, String line) throws RefusedFileException {
        try {
            if (allowsByDefault.isPresent()) {
                throw new IllegalArgumentException("nothing may come behind default: move it to the end");
            }
            readLine(new Words(line));
        } catch (IllegalArgumentException e) {
            throw new RefusedFileException(file, number, String.valueOf(e.getMessage()));
        }
    }

    private void readLine(Words words) {
        var first = words.next();
        switch (first) {
            case "everybody" -> section = Optional.of(everybody);
            case "anonymous" -> section = Optional.of(anonymous);
            case "user" ->
                section = Optional.of(
                        users.computeIfAbsent(words.rest("write the user's name behind user"), _ -> new ArrayList<>()));
            case "allow", "deny" -> readRule(first.equals("allow"), words);
            case "default" ->
                allowsByDefault = Optional.of(choice(words.next(), DEFAULTS).equals("allow"));
            case "topic", "pattern" ->
                throw new IllegalArgumentException("\"" + first + "\" is how Mosquitto begins a rule: " + FORM
                        + " (read is subscribe here, write is publish)");
            default -> choice(first, WORDS);
        }
        words.requireEnd();
    }

    private void readRule(boolean allows, Words words) {
        var action = Rule.Action.valueOf(choice(words.next(), ACTIONS).toUpperCase(Locale.ROOT));
        var filter = RuleFilter.parse(words.rest(FORM));
        section.orElseThrow(
                        () -> new IllegalArgumentException(
                                "nothing says whom this rule is for: write everybody, anonymous or user NAME on a line above it"))
                .add(new Rule(allows, action, filter));
    }

    private static String choice(String word, List<String> choices) {
        if (choices.contains(word)) {
            return word;
        }
        throw new IllegalArgumentException("\"" + word + "\" is none of " + String.join(", ", choices)
                + Nearest.to(word, choices)
                        .map(meant -> ": did you mean \"" + meant + "\"?")
                        .orElse(""));
    }

    /** What is left of a line. */
    private static final class Words {

        private String left;

        Words(String line) {
            this.left = line;
        }

        /** The next word; empty at the end. */
        String next() {
            var end = 0;
            while (end < left.length() && !Character.isWhitespace(left.charAt(end))) {
                end++;
            }
            var word = left.substring(0, end);
            left = left.substring(end).strip();
            return word;
        }

        /** All that is left, which may have spaces in it. */
        String rest(String orElse) {
            if (left.isEmpty()) {
                throw new IllegalArgumentException("the line ends too early: " + orElse);
            }
            var rest = left;
            left = "";
            return rest;
        }

        void requireEnd() {
            if (!left.isEmpty()) {
                throw new IllegalArgumentException("\"" + left + "\" is too much on this line: remove it");
            }
        }
    }
}
