package io.meridianmq.fabric.lifecycle;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A folder that holds one process's data, locked while the process runs.
 *
 * <p>Its file {@code format} says whose data it is and in which format: {@code node-broker 1}. A folder of another kind,
 * of a newer format, or with files but without a format is refused before anything in it is touched. The file
 * {@code lock} is locked with the operating system, so a lock never outlives its process.
 */
public final class DataFolder implements AutoCloseable {

    private static final String FORMAT_FILE = "format";
    private static final String LOCK_FILE = "lock";
    private static final Pattern FORMAT = Pattern.compile("([a-z-]{1,64}) ([0-9]{1,9})\\s*");

    private final Path path;
    private final FileChannel lock;
    private final int format;

    private DataFolder(Path path, FileChannel lock, int format) {
        this.path = path;
        this.lock = lock;
        this.format = format;
    }

    /**
     * Creates the folder if it is missing, checks and locks it.
     *
     * @param kind whose data it is, in lower-case letters and hyphens: the program's name
     * @param newestFormat the newest format this program reads, and the one it writes into a new folder
     * @throws StartRefusedException if the folder is in use or must not be used by this program
     * @throws IOException if the folder cannot be created, read or written
     */
    public static DataFolder open(Path path, String kind, int newestFormat) throws IOException {
        checkUsable(path, kind, newestFormat);
        Files.createDirectories(path);
        var lock = lock(path);
        try {
            // Another process may have created the folder's content between the first check and the lock.
            var found = checkUsable(path, kind, newestFormat);
            if (found.isEmpty()) {
                DurableFile.write(path.resolve(FORMAT_FILE), kind + " " + newestFormat + "\n");
            }
            return new DataFolder(path, lock, found.orElse(newestFormat));
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    public Path path() {
        return path;
    }

    /** The format the data is in: the newest one, or an older one that the owner of the data has to bring up to date. */
    public int format() {
        return format;
    }

    /** Unlocks the folder. Its data must be closed before. */
    @Override
    public void close() throws IOException {
        lock.close();
    }

    /** The folder's format; empty if it is new. Only reads. */
    private static Optional<Integer> checkUsable(Path path, String kind, int newestFormat) throws IOException {
        var formatFile = path.resolve(FORMAT_FILE);
        if (!Files.exists(formatFile)) {
            checkNew(path);
            return Optional.empty();
        }
        var text = Files.size(formatFile) > 100 ? "" : Files.readString(formatFile);
        var matcher = FORMAT.matcher(text);
        if (!matcher.matches()) {
            throw new StartRefusedException(
                    formatFile + " is damaged: restore it from a copy of the folder; it should say" + " \"" + kind
                            + "\" and the format's number");
        }
        if (!matcher.group(1).equals(kind)) {
            throw new StartRefusedException("data folder " + path + " belongs to " + matcher.group(1) + ": give this "
                    + kind + " a folder of its own");
        }
        var format = Integer.parseInt(matcher.group(2));
        if (format > newestFormat) {
            throw new StartRefusedException("data folder " + path + " was written by a newer version (format " + format
                    + ", this one reads up to " + newestFormat
                    + "): start the newer version again, or give this one another folder. Nothing was changed");
        }
        return Optional.of(format);
    }

    private static void checkNew(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        if (!Files.isDirectory(path)) {
            throw new StartRefusedException("data folder " + path + " is a file: name a folder");
        }
        try (var files = Files.list(path)) {
            // What a start that was killed halfway leaves is not data.
            var foreign = files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(LOCK_FILE) && !name.equals(FORMAT_FILE + ".new"))
                    .findFirst();
            if (foreign.isPresent()) {
                throw new StartRefusedException("data folder " + path + " has files (" + foreign.get()
                        + ") but no file \"" + FORMAT_FILE
                        + "\", so it is not Meridian's: name an empty folder or one that is missing");
            }
        }
    }

    private static FileChannel lock(Path path) throws IOException {
        var channel = FileChannel.open(path.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw inUse(path, e);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw inUse(path, new IOException("locked by another process"));
    }

    private static StartRefusedException inUse(Path path, Exception cause) {
        return new StartRefusedException(
                "data folder " + path + " is in use by another process: stop that one, or name another folder", cause);
    }
}
