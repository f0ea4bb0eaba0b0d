package io.meridianmq.broker.access;

import io.meridianmq.fabric.access.Passwords;
import io.meridianmq.fabric.access.RefusedFileException;
import io.meridianmq.fabric.config.WatchedFiles;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the password file and the ACL file at the start, and again whenever they change. A changed file that cannot be used
 * is refused as a whole, and what was there before stays in force.
 *
 * <p>For one thread at a time.
 */
public final class AccessFiles implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AccessFiles.class);

    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final Optional<Followed<Passwords>> passwords;
    private final Optional<Followed<Acl>> acl;
    private @Nullable Thread thread;

    /** Reads a file. */
    @FunctionalInterface
    interface Reader<T> {
        T read() throws RefusedFileException;
    }

    /** One file, and what was read of it last. */
    private static final class Followed<T> {

        private final Path file;
        private final Reader<T> reader;
        private final WatchedFiles watch;
        private final Counter reloaded;
        private final Counter refusals;
        private T content;
        private volatile boolean isRefused;

        Followed(String name, Path file, Reader<T> reader, MeterRegistry meters) throws RefusedFileException {
            this.file = file;
            this.reader = reader;
            this.watch = new WatchedFiles(List.of(file)); // Before it is read, so that no change is missed.
            this.content = reader.read();
            this.reloaded = counter(name, "taken", meters);
            this.refusals = counter(name, "refused", meters);
            Gauge.builder("mqtt_access_file_refused", this, followed -> followed.isRefused ? 1 : 0)
                    .description("1 while the file cannot be used as it is, so that what it said before is in force")
                    .tag("file", name)
                    .register(meters);
        }

        private static Counter counter(String name, String outcome, MeterRegistry meters) {
            return Counter.builder("mqtt_access_file_changes")
                    .description("Changes of the file that were taken, or refused")
                    .tags("file", name, "outcome", outcome)
                    .register(meters);
        }

        /** True if there is something new. */
        boolean look() {
            if (!watch.haveChanged()) {
                return false;
            }
            try {
                content = reader.read();
            } catch (RefusedFileException e) {
                isRefused = true;
                refusals.increment();
                log.error("{}; the change is refused, and what the file said before stays in force", e.getMessage());
                return false;
            }
            isRefused = false;
            reloaded.increment();
            log.info("{} has changed and is in force", file);
            return true;
        }
    }

    /**
     * Reads the files; blocks.
     *
     * @throws RefusedFileException if one of them cannot be used
     */
    public AccessFiles(AccessConfig config, MeterRegistry meters) throws RefusedFileException {
        this.passwords = config.passwords().isEmpty()
                ? Optional.empty()
                : Optional.of(followed("passwords", config.passwords().get(), Passwords::read, meters));
        this.acl = config.acl().isEmpty()
                ? Optional.empty()
                : Optional.of(followed("acl", config.acl().get(), AclFile::read, meters));
    }

    private interface PathReader<T> {
        T read(Path file) throws RefusedFileException;
    }

    private static <T> Followed<T> followed(String name, Path file, PathReader<T> reader, MeterRegistry meters)
            throws RefusedFileException {
        return new Followed<>(name, file, () -> reader.read(file), meters);
    }

    /** What they say. */
    public Policy policy() {
        return new Policy(
                passwords.map(followed -> followed.content),
                acl.map(followed -> followed.content).orElse(Acl.OPEN));
    }

    /** Looks at the files once a second from now on. */
    public void tell(Access access) {
        thread = Thread.ofVirtual().name("access-files").start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    Thread.sleep(PERIOD);
                    look(access);
                } catch (InterruptedException _) {
                    return;
                } catch (RuntimeException e) {
                    // What goes wrong once must not end the watch, which nobody would notice.
                    log.error("looking at the files of access failed; tried again in {}", PERIOD, e);
                }
            }
        });
    }

    /** Takes what has changed, if it can be used. A change counts when it is found unchanged by a second look. */
    void look(Access access) {
        var hasNewPasswords = passwords.map(Followed::look).orElse(false);
        var hasNewAcl = acl.map(Followed::look).orElse(false);
        if (hasNewPasswords || hasNewAcl) {
            access.follow(policy());
        }
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}
