package io.meridianmq.broker.access;

import io.meridianmq.fabric.access.Passwords;
import io.meridianmq.fabric.access.RefusedFileException;
import io.meridianmq.fabric.config.Section;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The section {@code access}: the files that say who may do what.
 *
 * @param passwords the file of users and passwords; empty: nobody is asked for a password
 * @param acl the file of rules; empty: whoever is let in may publish and subscribe to everything
 * @param mqtt3DeniedPublish what a client of MQTT 3 gets for a QoS 1 or 2 publish that it may not make
 * @param verificationsAtOnce passwords that are checked at a time, which each keep a processor busy
 * @param verificationsWaiting clients that wait for that; more are refused
 */
public record AccessConfig(
        Optional<Path> passwords,
        Optional<Path> acl,
        Mqtt3DeniedPublish mqtt3DeniedPublish,
        int verificationsAtOnce,
        int verificationsWaiting) {

    /** Everybody may do everything. */
    public static final AccessConfig OPEN =
            new AccessConfig(Optional.empty(), Optional.empty(), Mqtt3DeniedPublish.ACKNOWLEDGE, 1, 1);

    /** MQTT 3 cannot refuse a message, and leaves this choice to the server. [MQTT3-3.3.5-2] */
    public enum Mqtt3DeniedPublish {
        /** The message is acknowledged and dropped, as Mosquitto does; else the client would send it for ever. */
        ACKNOWLEDGE,
        /** The connection is closed. */
        CLOSE
    }

    /** Reads the section, and the files to see that they can be used. */
    public static AccessConfig read(Section section) {
        var config = new AccessConfig(
                file(section, "passwords"),
                file(section, "acl"),
                section.choice("mqtt3-denied-publish", Mqtt3DeniedPublish.ACKNOWLEDGE),
                section.integer(
                        "verifications-at-once",
                        Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
                        1,
                        1_024),
                section.integer("verifications-waiting", 10_000, 1, 1_000_000));
        config.passwords.ifPresent(file -> tryOut(section, "passwords", () -> Passwords.read(file)));
        config.acl.ifPresent(file -> tryOut(section, "acl", () -> AclFile.read(file)));
        return config;
    }

    private static Optional<Path> file(Section section, String key) {
        var name = section.string(key, "");
        return name.isEmpty() ? Optional.empty() : Optional.of(Path.of(name));
    }

    private static void tryOut(Section section, String key, AccessFiles.Reader<?> reader) {
        try {
            reader.read();
        } catch (RefusedFileException e) {
            section.problem(key, "names a file that cannot be used: " + e.getMessage());
        }
    }
}
