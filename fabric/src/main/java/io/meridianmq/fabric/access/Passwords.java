package io.meridianmq.fabric.access;

import com.ongres.scram.common.StringPreparation;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who may log in, as one file says: a line {@code user:verifier} for each user, with the verifier as {@link
 * ScramVerifier} writes it; empty lines and lines that begin with {@code #} are passed over. Immutable.
 */
public final class Passwords {

    /** Characters of the longest user name. */
    public static final int NAME_MAX = 1_024;

    private final Map<String, ScramVerifier> users;
    private final int iterations;

    private Passwords(Map<String, ScramVerifier> users, int iterations) {
        this.users = users;
        this.iterations = iterations;
    }

    /**
     * Reads a file; blocks.
     *
     * @throws RefusedFileException if it cannot be read, or any of its lines is wrong
     */
    public static Passwords read(Path file) throws RefusedFileException {
        return parse(file, LinesOfFile.read(file));
    }

    /** @param file for messages */
    static Passwords parse(Path file, List<String> lines) throws RefusedFileException {
        var users = new HashMap<String, ScramVerifier>();
        var iterations = ScramVerifier.ITERATIONS_DEFAULT;
        for (var i = 0; i < lines.size(); i++) {
            var name = nameIn(lines.get(i));
            if (name.isPresent()) {
                var verifier = verifier(file, i + 1, name.get(), lines.get(i));
                if (users.isEmpty()) {
                    iterations = verifier.iterations();
                }
                if (users.put(name.get(), verifier) != null) {
                    throw new RefusedFileException(
                            file, i + 1, "user \"" + name.get() + "\" is there twice: remove one of the lines");
                }
            }
        }
        return new Passwords(users, iterations);
    }

    /** The user of a line: what is before its first colon, or all of it; empty if it is a comment or blank. */
    static Optional<String> nameIn(String line) {
        if (line.isBlank() || line.startsWith("#")) {
            return Optional.empty();
        }
        var end = line.indexOf(':');
        return Optional.of(end < 0 ? line : line.substring(0, end));
    }

    /**
     * Checks a name.
     *
     * @throws IllegalArgumentException if no user can have it; the message says why
     */
    public static void requireName(String name) {
        if (name.isEmpty() || name.length() > NAME_MAX) {
            throw new IllegalArgumentException("a user name has 1 to " + NAME_MAX + " characters");
        }
        if (name.startsWith("#") || name.indexOf(':') >= 0) {
            throw new IllegalArgumentException("a user name neither begins with # nor contains a colon");
        }
        var normal = normal(name);
        if (!normal.equals(name)) {
            throw new IllegalArgumentException(
                    "the user name is not in its normal form (SASLprep, RFC 4013): use \"" + normal + "\"");
        }
    }

    /**
     * The form in which SCRAM compares user names.
     *
     * @throws IllegalArgumentException if it has characters that SASLprep (RFC 4013) forbids
     */
    public static String normal(String name) {
        return new String(StringPreparation.SASL_PREPARATION.normalize(name.toCharArray()));
    }

    /** What is kept of a user's password; empty if there is no such user. */
    public Optional<ScramVerifier> of(String user) {
        return Optional.ofNullable(users.get(user));
    }

    /** Number of users. */
    public int size() {
        return users.size();
    }

    /** Iterations of the first user's verifier; of others, if they were made in the same way. */
    public int iterations() {
        return iterations;
    }

    private static ScramVerifier verifier(Path file, int line, String name, String text) throws RefusedFileException {
        try {
            requireName(name);
            if (name.length() == text.length()) {
                throw new IllegalArgumentException("expected user:verifier, as meridian passwd writes it");
            }
            return ScramVerifier.parse(text.substring(name.length() + 1));
        } catch (IllegalArgumentException e) {
            throw new RefusedFileException(file, line, String.valueOf(e.getMessage()));
        }
    }
}
