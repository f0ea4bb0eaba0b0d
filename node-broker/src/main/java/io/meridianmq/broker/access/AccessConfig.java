package io.meridianmq.broker.access;

import io.meridianmq.fabric.access.RefusedFileException;
import io.meridianmq.fabric.config.Section;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The section {@code access}: the files that say who may do what.
 *
 * @param passwords the file of users and passwords; empty: nobody is asked for a password
 * @param verificationsAtOnce passwords that are checked at a time, which each keep a processor busy
 * @param verificationsWaiting clients that wait for that; more are refused
 */
public record AccessConfig(Optional<Path> passwords, int verificationsAtOnce, int verificationsWaiting) {

    /** Everybody may do everything. */
    public static final AccessConfig OPEN = new AccessConfig(Optional.empty(), 1, 1);

    /** Reads the section, and the files to see that they can be used. */
    public static AccessConfig read(Section section) {
        var config = new AccessConfig(
                file(section, "passwords"),
                section.integer(
                        "verifications-at-once",
                        Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
                        1,
                        1_024),
                section.integer("verifications-waiting", 10_000, 1, 1_000_000));
        try {
            Policy.load(config);
        } catch (RefusedFileException e) {
            section.problem("passwords", "names a file that cannot be used: " + e.getMessage());
        }
        return config;
    }

    private static Optional<Path> file(Section section, String key) {
        var name = section.string(key, "");
        return name.isEmpty() ? Optional.empty() : Optional.of(Path.of(name));
    }
}
